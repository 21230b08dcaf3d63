/// 256 weights in 8 sub-blocks of 32, each with a 3-bit scale and a shift; eight weights are a point of a
/// grid of 2,048 whose coordinates are −1, 0 and 1.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    32   low indices   byte v = low 8 bits of the index of the point of weights 8 v … 8 v + 7
///     34    16   sub-blocks    uint16 s: bits 3v … 3v + 2 = bits 8 … 10 of index 4 s + v
///                                        bits 12 … 14 = scale, bit 15: set = shift −⅛, else ⅛
/// ```
/// weight = d · (2 · scale + 1) · (coordinate + shift)
public enum IQ1_SBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 50 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq1
    let multiplier = block.half(at: 0)
    for subBlock in 0..<8 {
      let bits = UInt32(block.halfWord(at: 34 &+ 2 &* subBlock))
      // The grid has eight times the coordinates.
      let scale = multiplier * Float(2 &* (bits &>> 12 & 0x7) &+ 1) * 0.125
      let shift = Bytes16(repeating: shiftByte(isNegative: bits &>> 15))
      let low = block.word(at: 2 &+ 4 &* subBlock)
      for half in 0..<2 {
        let indices = low &>> UInt32(truncatingIfNeeded: 16 &* half)
        let high = bits &>> UInt32(truncatingIfNeeded: 6 &* half)
        let points = bytes16(
          grid.point(indices & 0xFF | (high & 0x7) &<< 8),
          grid.point(indices &>> 8 & 0xFF | (high & 0x38) &<< 5))
        values.store((points &+ shift).signedFloats * scale, at: 32 &* subBlock &+ 16 &* half)
      }
    }
  }

  /// −1 or 1, as a byte.
  @inlinable @inline(__always)
  static func shiftByte(isNegative: UInt32) -> UInt8 { 1 &- 2 &* UInt8(truncatingIfNeeded: isNegative) }
}

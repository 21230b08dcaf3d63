/// 256 weights in 16 sub-blocks of 16, each with a 3-bit scale; eight weights are a point of the grid of
/// ``IQ1_SBlock``, with a shift of their own.
///
/// ```
/// offset  size
///      0    32   low indices   byte v = low 8 bits of the index of the point of weights 8 v … 8 v + 7
///     32    16   high indices  nibble v (low first): bits 0 … 2 = bits 8 … 10 of index v
///                                                    bit 3: set = shift −⅛, else ⅛
///     48     8   scales        uint16 i: bits 3k … 3k + 2 = scale of sub-block 4 i + k
///                                        bits 12 … 15 = bits 4i … 4i + 3 of d, a float16
/// ```
/// weight = d · (2 · scale + 1) · (coordinate + shift)
public enum IQ1_MBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 56 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq1
    let multiplier = multiplier(of: block)
    for subBlock in 0..<16 {
      let scales = UInt32(block.halfWord(at: 48 &+ 2 &* (subBlock / 4)))
      let bits = scales &>> UInt32(truncatingIfNeeded: 3 &* (subBlock % 4)) & 0x7
      // The grid has eight times the coordinates.
      let scale = multiplier * Float(2 &* bits &+ 1) * 0.125
      let high = block.byte(at: 32 &+ subBlock)
      let points = bytes16(
        grid.point(block.byte(at: 2 &* subBlock) | (high & 0x7) &<< 8),
        grid.point(block.byte(at: 2 &* subBlock &+ 1) | (high & 0x70) &<< 4))
      let shifts = bytes16(shiftBytes(high &>> 3 & 1), shiftBytes(high &>> 7))
      values.store((points &+ shifts).signedFloats * scale, at: 16 &* subBlock)
    }
  }

  @inlinable @inline(__always)
  static func multiplier(of block: UnsafeRawPointer) -> Float {
    let (first, second) = (block.word(at: 48), block.word(at: 52))
    let bits =
      first &>> 12 & 0xF | first &>> 24 & 0xF0 | second &>> 4 & 0xF00 | second &>> 16 & 0xF000
    return Float(halfBits: UInt16(truncatingIfNeeded: bits))
  }

  /// −1 or 1 in each byte.
  @inlinable @inline(__always)
  static func shiftBytes(_ isNegative: UInt32) -> UInt64 {
    UInt64(IQ1_SBlock.shiftByte(isNegative: isNegative)) &* 0x0101_0101_0101_0101
  }
}

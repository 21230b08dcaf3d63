/// 256 weights in 16 sub-blocks of 16, each with a 4-bit scale; eight weights are a point of a grid of 1,024,
/// with signs.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    32   low indices   byte v = low 8 bits of the index of the point of weights 8 v … 8 v + 7
///     34    32   signs         byte v, bit i: set = weight 8 v + i is negative
///     66     8   high indices  byte i, bits 2k and 2k + 1 = bits 8 and 9 of index 4 i + k
///     74     8   scales        byte i: low nibble = scale of sub-block 2i, high nibble = of 2i + 1
/// ```
/// weight = d · (scale + ½) · ¼ · ±coordinate
public enum IQ2_SBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 82 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq2_s
    let multiplier = block.half(at: 0)
    for subBlock in 0..<16 {
      let high = block.byte(at: 66 &+ subBlock / 2) &>> UInt32(truncatingIfNeeded: 4 &* (subBlock % 2))
      let weights = signedBytes(
        grid.point(block.byte(at: 2 &+ 2 &* subBlock) | (high & 0x3) &<< 8),
        grid.point(block.byte(at: 3 &+ 2 &* subBlock) | (high &>> 2 & 0x3) &<< 8),
        signs: UInt32(block.halfWord(at: 34 &+ 2 &* subBlock)))
      values.store(
        weights.signedFloats * IQ2_XSBlock.scale(block, offset: 74, subBlock, multiplier), at: 16 &* subBlock)
    }
  }
}

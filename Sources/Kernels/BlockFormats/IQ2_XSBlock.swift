/// 256 weights in 16 sub-blocks of 16, each with a 4-bit scale; eight weights are a point of a grid of 512,
/// with signs.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    64   points        uint16 v, for weights 8 v … 8 v + 7: bits 0 … 8 = index of the point,
///                              bits 9 … 15 = signs of the first seven weights
///     66     8   scales        byte i: low nibble = scale of sub-block 2i, high nibble = of 2i + 1
/// ```
/// weight = d · (scale + ½) · ¼ · ±coordinate; the number of negative weights of a point is even
public enum IQ2_XSBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 74 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq2_xs
    let multiplier = block.half(at: 0)
    for subBlock in 0..<16 {
      let pair = block.word(at: 2 &+ 4 &* subBlock)
      let weights = signedBytes(
        grid.point(pair & 0x1FF), grid.point(pair &>> 16 & 0x1FF),
        signs: completedSigns(pair &>> 9) | completedSigns(pair &>> 25) &<< 8)
      values.store(
        weights.signedFloats * scale(block, offset: 66, subBlock, multiplier), at: 16 &* subBlock)
    }
  }

  /// d · (scale + ½) · ¼, of a nibble among those that begin at an offset.
  @inlinable @inline(__always)
  static func scale(_ block: UnsafeRawPointer, offset: Int, _ subBlock: Int, _ multiplier: Float) -> Float {
    let nibbles = block.byte(at: offset &+ subBlock / 2)
    let nibble = nibbles &>> UInt32(truncatingIfNeeded: 4 &* (subBlock % 2)) & 0xF
    return multiplier * (0.5 + Float(nibble)) * 0.25
  }
}

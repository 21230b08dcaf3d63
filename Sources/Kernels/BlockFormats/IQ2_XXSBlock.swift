/// 256 weights in 8 sub-blocks of 32, each with a 4-bit scale; eight weights are a point of a grid of 256,
/// with signs.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    64   sub-blocks    eight of 8 bytes:
///                              byte v = index of the point of weights 32 s + 8 v … 32 s + 8 v + 7
///                              then a word: bits 7v … 7v + 6 = signs of the first seven of these weights
///                                           bits 28 … 31 = scale
/// ```
/// weight = d · (scale + ½) · ¼ · ±coordinate; the number of negative weights of a point is even
public enum IQ2_XXSBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 66 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq2_xxs
    let multiplier = block.half(at: 0)
    for subBlock in 0..<8 {
      let indices = block.word(at: 2 &+ 8 &* subBlock)
      let signs = block.word(at: 6 &+ 8 &* subBlock)
      let scale = multiplier * (0.5 + Float(signs &>> 28)) * 0.25
      for half in 0..<2 {
        let pair = indices &>> UInt32(truncatingIfNeeded: 16 &* half)
        let sevens = signs &>> UInt32(truncatingIfNeeded: 14 &* half)
        let weights = signedBytes(
          grid.point(pair & 0xFF), grid.point(pair &>> 8 & 0xFF),
          signs: completedSigns(sevens) | completedSigns(sevens &>> 7) &<< 8)
        values.store(weights.signedFloats * scale, at: 32 &* subBlock &+ 16 &* half)
      }
    }
  }
}

/// 256 weights in 8 sub-blocks of 32, each with a 4-bit scale; four weights are a point of a grid of 256,
/// with signs.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    64   indices       byte j = index of the point of weights 4 j … 4 j + 3
///     66    32   signs         word s: bits 7v … 7v + 6 = signs of weights 32 s + 8 v … 32 s + 8 v + 6
///                                      bits 28 … 31 = scale of sub-block s
/// ```
/// weight = d · (scale + ½) · ½ · ±coordinate; the number of negative weights of eight is even
public enum IQ3_XXSBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 98 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq3_xxs
    let multiplier = block.half(at: 0)
    for subBlock in 0..<8 {
      let signs = block.word(at: 66 &+ 4 &* subBlock)
      // The grid has half of the coordinates.
      let scale = multiplier * (0.5 + Float(signs &>> 28))
      for half in 0..<2 {
        let indices = block.word(at: 2 &+ 8 &* subBlock &+ 4 &* half)
        let sevens = signs &>> UInt32(truncatingIfNeeded: 14 &* half)
        let weights = signedBytes(
          grid.twoPoints(indices & 0xFF, indices &>> 8 & 0xFF),
          grid.twoPoints(indices &>> 16 & 0xFF, indices &>> 24),
          signs: completedSigns(sevens) | completedSigns(sevens &>> 7) &<< 8)
        values.store(weights.signedFloats * scale, at: 32 &* subBlock &+ 16 &* half)
      }
    }
  }
}

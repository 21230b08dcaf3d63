/// 256 weights in 8 sub-blocks of 32, each with a 4-bit scale; four weights are a point of a grid of 512,
/// with signs.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2    64   low indices   byte j = low 8 bits of the index of the point of weights 4 j … 4 j + 3
///     66     8   high indices  byte s, bit i = bit 8 of index 8 s + i
///     74    32   signs         byte v, bit i: set = weight 8 v + i is negative
///    106     4   scales        byte i: low nibble = scale of sub-block 2i, high nibble = of 2i + 1
/// ```
/// weight = d · (2 · scale + 1) · ±coordinate
public enum IQ3_SBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 110 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let grid = Grid.iq3_s
    let multiplier = block.half(at: 0)
    let scales = block.word(at: 106)
    for subBlock in 0..<8 {
      let scale = multiplier * Float(2 &* (scales &>> UInt32(truncatingIfNeeded: 4 &* subBlock) & 0xF) &+ 1)
      for half in 0..<2 {
        let low = block.word(at: 2 &+ 8 &* subBlock &+ 4 &* half)
        let high = block.byte(at: 66 &+ subBlock) &>> UInt32(truncatingIfNeeded: 4 &* half)
        let weights = signedBytes(
          grid.twoPoints(low & 0xFF | (high & 0x1) &<< 8, low &>> 8 & 0xFF | (high & 0x2) &<< 7),
          grid.twoPoints(low &>> 16 & 0xFF | (high & 0x4) &<< 6, low &>> 24 | (high & 0x8) &<< 5),
          signs: UInt32(block.halfWord(at: 74 &+ 4 &* subBlock &+ 2 &* half)))
        values.store(weights.signedFloats * scale, at: 32 &* subBlock &+ 16 &* half)
      }
    }
  }
}

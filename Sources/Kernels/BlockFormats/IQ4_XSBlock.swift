/// 256 weights of 4 bits that index the levels of ``IQ4_NLBlock``, in 8 sub-blocks of 32, each with a signed
/// 6-bit scale.
///
/// ```
/// offset  size
///      0     2   d             float16
///      2     2   high scales   uint16, bits 2s and 2s + 1: bits 4 and 5 of scale s
///      4     4   low scales    byte i: low nibble of scale 2i in the low nibble, of 2i + 1 in the high one
///      8   128   indices       eight sub-blocks of 16 bytes; byte j of sub-block s:
///                              low nibble = weight 32 s + j, high nibble = weight 32 s + 16 + j
/// ```
/// weight = (d · scale) · level[index], scale = −32…31 (stored plus 32), index = 0…15
public enum IQ4_XSBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 136 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scales = scales(of: block)

    for subBlock in 0..<8 {
      let indices = block.bytes16(at: 8 &+ 16 &* subBlock)
      values.store(IQ4_NLBlock.levels(indices.lowNibbles) * scales[subBlock], at: 32 &* subBlock)
      values.store(IQ4_NLBlock.levels(indices.highNibbles) * scales[subBlock], at: 32 &* subBlock &+ 16)
    }
  }

  /// The eight scales, multiplied by d, in the lower lanes.
  @inlinable @inline(__always)
  static func scales(of block: UnsafeRawPointer) -> SIMD16<Float> {
    // Spread eight nibbles, and eight pairs of bits, to one a byte, halving the distance in each step.
    var low = UInt64(block.word(at: 4))
    low = (low | low &<< 16) & 0x0000_FFFF_0000_FFFF
    low = (low | low &<< 8) & 0x00FF_00FF_00FF_00FF
    low = (low | low &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
    var high = UInt64(block.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    high = (high | high &<< 24) & 0x0000_00FF_0000_00FF
    high = (high | high &<< 12) & 0x000F_000F_000F_000F
    high = (high | high &<< 6) & 0x0303_0303_0303_0303
    return bytes16(low | high &<< 4, 0).floats(minus: 32) * block.halfSplat(at: 0)
  }
}

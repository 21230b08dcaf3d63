/// 256 weights of 3 bits in 16 sub-blocks of 16, each with a signed 6-bit scale.
///
/// ```
/// offset  size
///      0    32   third bits    byte j, bit i: set = nothing to subtract from weight 32 i + j
///     32    64   quants        two halves of 32 bytes; byte j of half h, bits 2k and 2k + 1:
///                              weight 128 h + 32 k + j
///     96    12   scales        packed, below
///    108     2   d             float16
///
/// scale s, stored plus 32:  low 4 bits: byte s % 8, low nibble for s < 8, else high nibble
///                           high 2 bits: byte 8 + s % 4, bits 2 (s / 4) and 2 (s / 4) + 1
/// ```
/// weight = (d · scale) · (quant − (third bit ? 0 : 4)), scale = −32…31, quant = 0…3
public enum Q3_KBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 110 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scales = scales(of: block)

    unpack(block, half: 0, part: 0, scales, into: values)
    unpack(block, half: 0, part: 1, scales, into: values)
    unpack(block, half: 1, part: 0, scales, into: values)
    unpack(block, half: 1, part: 1, scales, into: values)
  }

  /// The four sub-blocks that lie in the same sixteen bytes: 8 half + part, and every second one after it.
  /// Constant arguments make constant lanes of the scales; a loop would leave them to be looked up.
  @inlinable @inline(__always)
  static func unpack(
    _ block: UnsafeRawPointer, half: Int, part: Int, _ scales: SIMD16<Float>,
    into values: UnsafeMutablePointer<Float>
  ) {
    var quants = block.bytes16(at: 32 &+ 32 &* half &+ 16 &* part)
    var thirdBits = block.bytes16(at: 16 &* part) &>> UInt8(truncatingIfNeeded: 4 &* half)
    for plane in 0..<4 {
      let subBlock = 8 &* half &+ 2 &* plane &+ part
      let unsigned = quants.lowBits(2) | (thirdBits.lowBits(1) &<< 2)
      values.store(unsigned.floats(minus: 4) * scales[subBlock], at: 16 &* subBlock)
      quants = quants &>> 2
      thirdBits = thirdBits &>> 1
    }
  }

  /// The sixteen scales, multiplied by d.
  @inlinable @inline(__always)
  static func scales(of block: UnsafeRawPointer) -> SIMD16<Float> {
    let (first, second, high) = (block.word(at: 96), block.word(at: 100), block.word(at: 104))
    let fourBits: UInt32 = 0x0F0F_0F0F
    let twoBits: UInt32 = 0x3030_3030
    let packed = bytes16(
      (first & fourBits) | (high &<< 4 & twoBits),
      (second & fourBits) | (high &<< 2 & twoBits),
      (first &>> 4 & fourBits) | (high & twoBits),
      (second &>> 4 & fourBits) | (high &>> 2 & twoBits))
    return packed.floats(minus: 32) * block.halfSplat(at: 108)
  }
}

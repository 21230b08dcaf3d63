/// 256 weights of 6 bits in 16 sub-blocks of 16, each with a signed 8-bit scale.
///
/// ```
/// offset  size
///      0   128   low bits      two halves of 64 bytes; byte j of half h:
///                              low nibble = weight 128 h + j, high nibble = weight 128 h + 64 + j
///    128    64   high bits     two halves of 32 bytes; byte j of half h, bits 2k and 2k + 1:
///                              bits 4 and 5 of weight 128 h + 32 k + j
///    192    16   scales        int8, in order
///    208     2   d             float16
/// ```
/// weight = (d · scale) · (quant − 32), quant = 0…63
public enum Q6_KBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 210 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scales = block.bytes16(at: 192).signedFloats * block.halfSplat(at: 208)

    for half in 0..<2 {
      for part in 0..<2 {
        let lowBits = 64 &* half &+ 16 &* part
        let first = block.bytes16(at: lowBits)
        let second = block.bytes16(at: lowBits &+ 32)
        let high = block.bytes16(at: 128 &+ 32 &* half &+ 16 &* part)
        let quants = (
          first.lowNibbles | (high.lowBits(2) &<< 4),
          second.lowNibbles | ((high &>> 2).lowBits(2) &<< 4),
          first.highNibbles | ((high &>> 4).lowBits(2) &<< 4),
          second.highNibbles | ((high &>> 6) &<< 4)
        )
        let s = 8 &* half &+ part
        values.store(quants.0.floats(minus: 32) * scales[s], at: 16 &* s)
        values.store(quants.1.floats(minus: 32) * scales[s &+ 2], at: 16 &* (s &+ 2))
        values.store(quants.2.floats(minus: 32) * scales[s &+ 4], at: 16 &* (s &+ 4))
        values.store(quants.3.floats(minus: 32) * scales[s &+ 6], at: 16 &* (s &+ 6))
      }
    }
  }
}

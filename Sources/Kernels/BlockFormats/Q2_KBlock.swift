/// 256 weights of 2 bits in 16 sub-blocks of 16, each with a 4-bit scale and a 4-bit minimum.
///
/// ```
/// offset  size
///      0    16   scales        byte s: low nibble = scale of sub-block s, high nibble = its minimum
///     16    64   quants        two halves of 32 bytes; byte j of half h, bits 2k and 2k + 1:
///                              weight 128 h + 32 k + j
///     80     2   d             float16, multiplies the scales
///     82     2   dmin          float16, multiplies the minima
/// ```
/// weight = (d · scale) · quant − dmin · minimum, quant = 0…3
public enum Q2_KBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 84 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let packedScales = block.bytes16(at: 0)
    let scales = packedScales.lowNibbles.floats * block.halfSplat(at: 80)
    let minima = packedScales.highNibbles.floats * block.halfSplat(at: 82)

    unpack(block, half: 0, part: 0, scales, minima, into: values)
    unpack(block, half: 0, part: 1, scales, minima, into: values)
    unpack(block, half: 1, part: 0, scales, minima, into: values)
    unpack(block, half: 1, part: 1, scales, minima, into: values)
  }

  /// The four sub-blocks that lie in the same sixteen bytes: 8 half + part, and every second one after it.
  /// Constant arguments make constant lanes of the scales; a loop would leave them to be looked up.
  @inlinable @inline(__always)
  static func unpack(
    _ block: UnsafeRawPointer, half: Int, part: Int, _ scales: SIMD16<Float>, _ minima: SIMD16<Float>,
    into values: UnsafeMutablePointer<Float>
  ) {
    var quants = block.bytes16(at: 16 &+ 32 &* half &+ 16 &* part)
    for plane in 0..<4 {
      let subBlock = 8 &* half &+ 2 &* plane &+ part
      let products = quants.lowBits(2).floats * scales[subBlock]
      values.store(products - minima[subBlock], at: 16 &* subBlock)
      quants = quants &>> 2
    }
  }
}

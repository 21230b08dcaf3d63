/// 256 weights of 4 bits in 8 sub-blocks of 32, each with a 6-bit scale and a 6-bit minimum.
///
/// ```
/// offset  size
///      0     2   d             float16, multiplies the scales
///      2     2   dmin          float16, multiplies the minima
///      4    12   scales        6-bit scales and minima (``SixBitScales``)
///     16   128   quants        four groups of 32 bytes; byte j of group g:
///                              low nibble = weight 64 g + j, high nibble = weight 64 g + 32 + j
/// ```
/// weight = (d · scale) · quant − dmin · minimum, quant = 0…15
public enum Q4_KBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 144 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scales = SixBitScales(block)

    for group in 0..<4 {
      for part in 0..<2 {
        let quants = block.bytes16(at: 16 &+ 32 &* group &+ 16 &* part)
        let first = 64 &* group &+ 16 &* part
        values.store(scales.weights(quants.lowNibbles, subBlock: 2 &* group), at: first)
        values.store(scales.weights(quants.highNibbles, subBlock: 2 &* group &+ 1), at: first &+ 32)
      }
    }
  }
}

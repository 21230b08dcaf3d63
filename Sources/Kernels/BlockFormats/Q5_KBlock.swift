/// 256 weights of 5 bits in 8 sub-blocks of 32, each with a 6-bit scale and a 6-bit minimum.
///
/// ```
/// offset  size
///      0     2   d             float16, multiplies the scales
///      2     2   dmin          float16, multiplies the minima
///      4    12   scales        6-bit scales and minima (``SixBitScales``)
///     16    32   fifth bits    byte j, bit i = bit 4 of weight 32 i + j
///     48   128   quants        four groups of 32 bytes; byte j of group g:
///                              low nibble = weight 64 g + j, high nibble = weight 64 g + 32 + j
/// ```
/// weight = (d · scale) · quant − dmin · minimum, quant = 0…31
public enum Q5_KBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 176 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scales = SixBitScales(block)

    for part in 0..<2 {
      var fifthBits = block.bytes16(at: 16 &+ 16 &* part)
      for group in 0..<4 {
        let quants = block.bytes16(at: 48 &+ 32 &* group &+ 16 &* part)
        let low = quants.lowNibbles | (fifthBits.lowBits(1) &<< 4)
        let high = quants.highNibbles | ((fifthBits &>> 1).lowBits(1) &<< 4)
        let first = 64 &* group &+ 16 &* part
        values.store(scales.weights(low, subBlock: 2 &* group), at: first)
        values.store(scales.weights(high, subBlock: 2 &* group &+ 1), at: first &+ 32)
        fifthBits = fifthBits &>> 2
      }
    }
  }
}

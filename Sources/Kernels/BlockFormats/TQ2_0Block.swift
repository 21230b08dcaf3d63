/// 256 weights of −1, 0, 1 (or 2) with one scale, two bits each.
///
/// ```
/// offset  size
///      0    64   quants        two halves of 32 bytes; byte j of half h, bits 2k and 2k + 1:
///                              weight 128 h + 32 k + j
///     64     2   d             float16
/// ```
/// weight = d · (quant − 1), quant = 0…3; no quantizer writes 3
public enum TQ2_0Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 66 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.half(at: 64)
    for part in 0..<4 {
      var quants = block.bytes16(at: 16 &* part)
      let first = 128 &* (part / 2) &+ 16 &* (part % 2)
      for plane in 0..<4 {
        values.store(quants.lowBits(2).floats(minus: 1) * scale, at: first &+ 32 &* plane)
        quants = quants &>> 2
      }
    }
  }
}

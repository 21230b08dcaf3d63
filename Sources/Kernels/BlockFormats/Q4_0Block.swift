/// 32 weights of 4 bits with one scale.
///
/// ```
/// offset  size
///      0     2   scale d       float16
///      2    16   quants        byte j: low nibble = weight j, high nibble = weight j + 16
/// ```
/// weight = d · (quant − 8), quant = 0…15
public enum Q4_0Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 18 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.halfSplat(at: 0)
    let quants = block.bytes16(at: 2)
    values.store(scale * quants.lowNibbles.floats(minus: 8), at: 0)
    values.store(scale * quants.highNibbles.floats(minus: 8), at: 16)
  }
}

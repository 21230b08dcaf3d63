/// 32 weights of 4 bits with one scale and one minimum.
///
/// ```
/// offset  size
///      0     2   scale d       float16
///      2     2   minimum m     float16
///      4    16   quants        byte j: low nibble = weight j, high nibble = weight j + 16
/// ```
/// weight = d · quant + m, quant = 0…15
public enum Q4_1Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 20 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.halfSplat(at: 0)
    let minimum = block.halfSplat(at: 2)
    let quants = block.bytes16(at: 4)
    values.store(scale * quants.lowNibbles.floats + minimum, at: 0)
    values.store(scale * quants.highNibbles.floats + minimum, at: 16)
  }
}

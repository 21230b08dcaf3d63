/// 32 weights of 8 bits with one scale.
///
/// ```
/// offset  size
///      0     2   scale d       float16
///      2    32   quants        int8, in order
/// ```
/// weight = quant · d, quant = −128…127
public enum Q8_0Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 34 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.halfSplat(at: 0)
    values.store(block.bytes16(at: 2).signedFloats * scale, at: 0)
    values.store(block.bytes16(at: 18).signedFloats * scale, at: 16)
  }
}

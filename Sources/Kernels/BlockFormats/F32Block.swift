/// Single precision: a weight is its own block.
///
/// ```
/// offset  size
///      0     4   value   float32
/// ```
public enum F32Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 1 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 4 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    dequantize(block, count: 1, into: values)
  }

  @inlinable @inline(__always)
  public static func dequantize(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    UnsafeMutableRawPointer(values).copyMemory(from: blocks, byteCount: count &* bytesPerBlock)
  }
}

/// Half precision: a weight is its own block.
///
/// ```
/// offset  size
///      0     2   value   float16
/// ```
public enum F16Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 1 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 2 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    values[0] = Float(halfBits: block.loadUnaligned(as: UInt16.self))
  }

  @inlinable @inline(__always)
  public static func dequantize(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count {
      dequantizeBlock(blocks + i &* bytesPerBlock, into: values + i)
    }
  }
}

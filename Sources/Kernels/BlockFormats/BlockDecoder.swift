/// One block format: the size of its blocks, and how to turn them into float32.
///
/// Every body is `@inlinable @inline(__always)` and concrete, so that a target with other instruction-set
/// flags compiles its own copy. The results have the same bits in all copies: each value is rounded by the
/// same two or three float32 operations, never by a fused one, and they are the operations (in the order)
/// of `gguf.quants.dequantize`, the Python reference.
///
/// Multi-byte fields are little-endian, on disk and on every platform that this package builds for.
public protocol BlockDecoder {
  /// The number of weights in one block.
  static var valuesPerBlock: Int { get }

  /// The size of one block, scales included.
  static var bytesPerBlock: Int { get }

  /// Writes the ``valuesPerBlock`` weights of one block.
  ///
  /// - Parameters:
  ///   - block: ``bytesPerBlock`` readable bytes, at any alignment.
  ///   - values: room for ``valuesPerBlock`` floats that does not overlap the block.
  static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>)

  /// Writes `count` weights, stored in consecutive blocks.
  ///
  /// - Parameters:
  ///   - blocks: `count / valuesPerBlock` blocks, at any alignment.
  ///   - count: a multiple of ``valuesPerBlock``; 0 is allowed.
  ///   - values: room for `count` floats that does not overlap the blocks.
  static func dequantize(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>)
}

extension BlockDecoder {
  @inlinable @inline(__always)
  public static func dequantize(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    var block = blocks
    var output = values
    let end = values + count
    while output < end {
      dequantizeBlock(block, into: output)
      block += bytesPerBlock
      output += valuesPerBlock
    }
  }
}

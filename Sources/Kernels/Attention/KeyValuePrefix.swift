/// The keys and values of the first positions of a sequence, in one layer: keys
/// [head][position][headDimension], values [head][block][position][32], as ``KeyValueStore`` has them.
///
/// Attention is causal: they depend on the tokens up to theirs and on nothing after, so every sequence that
/// begins with the same tokens has the same ones, bit for bit.
public struct KeyValuePrefix: Sendable {
  let headCount: Int
  let headDimension: Int
  public let count: Int
  let keys: FloatStorage
  let values: FloatStorage

  init(headCount: Int, headDimension: Int, count: Int) {
    self.headCount = headCount
    self.headDimension = headDimension
    self.count = count
    keys = FloatStorage(count: headCount * headDimension * count)
    values = FloatStorage(
      count: headCount * ValueBlock.count(headDimension: headDimension) * ValueBlock.columnCount * count)
  }

  public var byteCount: Int { keys.byteCount + values.byteCount }

  /// Where the values of one block of a head start.
  func valueOffset(head: Int, block: Int) -> Int {
    (head * ValueBlock.count(headDimension: headDimension) + block) * count * ValueBlock.columnCount
  }
}

/// Floats that are written once and then read by any number of threads.
///
/// Sendable: `update` is called by `KeyValueStore.prefix(of:count:)` alone, before it returns the value that
/// has the only reference; from then on there are only copies out of it.
final class FloatStorage: @unchecked Sendable {
  private let floats: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    floats = .allocate(capacity: count)
    floats.initialize(repeating: 0)
  }

  deinit { floats.deallocate() }

  var byteCount: Int { floats.count * MemoryLayout<Float>.stride }

  func update(from source: UnsafePointer<Float>, count: Int, at offset: Int) {
    precondition(offset >= 0 && offset + count <= floats.count)
    (floats.baseAddress.unsafelyUnwrapped + offset).update(from: source, count: count)
  }

  func copy(from offset: Int, count: Int, to target: UnsafeMutablePointer<Float>) {
    precondition(offset >= 0 && offset + count <= floats.count)
    target.update(from: floats.baseAddress.unsafelyUnwrapped + offset, count: count)
  }
}

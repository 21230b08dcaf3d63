/// The keys and values of one layer for a whole batch. The next layer overwrites them: an embedding needs no cache.
///
/// Values are [rows, heads · headDimension]. Keys are transposed as attention reads them: for each sequence, for each
/// head, blocks of [headDimension][``KeyBlock/length``].
public final class KeyValueStore: @unchecked Sendable {
  public let headCount: Int
  public let headDimension: Int
  public let values: Activations
  private(set) var sequences = PackedSequences(lengths: [])
  /// The first float of each sequence's keys.
  private var keyOffsets: [Int] = []
  private let keys = Activations(columnCount: KeyBlock.length)

  public init(headCount: Int, headDimension: Int) {
    self.headCount = headCount
    self.headDimension = headDimension
    values = Activations(columnCount: headCount * headDimension)
  }

  /// Makes room for the keys and values of `sequences`.
  public func resize(for sequences: PackedSequences) {
    self.sequences = sequences
    values.resize(rowCount: sequences.rowCount)
    keyOffsets = [0]
    for sequence in 0..<sequences.count {
      let floats = headCount * headStride(of: sequence)
      keyOffsets.append(keyOffsets[sequence] + floats)
    }
    keys.resize(rowCount: keyOffsets[sequences.count] / KeyBlock.length)
  }

  /// Where the keys of one head of one sequence start.
  func keyBlocks(of sequence: Int, head: Int) -> UnsafeMutablePointer<Float> {
    keys.unsafeElements + keyOffsets[sequence] + head * headStride(of: sequence)
  }

  private func headStride(of sequence: Int) -> Int {
    KeyBlock.floatCount(keyCount: sequences.rows(of: sequence).count, headDimension: headDimension)
  }

  /// Stores the keys in row `row` of `matrix` as those of `position` in `sequence`.
  func storeKeys(_ row: UnsafePointer<Float>, sequence: Int, position: Int) {
    let block = position / KeyBlock.length * KeyBlock.length * headDimension + position % KeyBlock.length
    for head in 0..<headCount {
      let source = row + head * headDimension
      let target = keyBlocks(of: sequence, head: head) + block
      for index in 0..<headDimension { target[index * KeyBlock.length] = source[index] }
    }
  }
}

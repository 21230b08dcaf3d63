/// The keys and values of one layer for a whole batch. The next layer overwrites them: an embedding needs no cache.
///
/// Keys are [sequence][head][position][headDimension]. Values are [sequence][head][block][position][32], a block 32
/// columns of a head, as ``TileMultiply`` takes them: the values of 192 keys then lie in 24 KB, one after the other,
/// and stay in a first-level cache. Rows of 128 columns would fall on a quarter of its sets, and push each other out.
public final class KeyValueStore: @unchecked Sendable {
  public let headCount: Int
  public let headDimension: Int
  private let keys: Activations
  private let values: Activations
  private var sequences = PackedSequences(lengths: [])

  public init(headCount: Int, headDimension: Int) {
    self.headCount = headCount
    self.headDimension = headDimension
    keys = Activations(columnCount: headDimension)
    values = Activations(columnCount: ValueBlock.columnCount)
  }

  /// Makes room for the keys and values of `sequences`.
  public func resize(for sequences: PackedSequences) {
    self.sequences = sequences
    keys.resize(rowCount: sequences.rowCount * headCount)
    values.resize(rowCount: sequences.rowCount * headCount * blockCount)
  }

  /// The keys of one head of one sequence: [positions, headDimension].
  package func keys(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(keys.unsafeRow(row(sequence, head, position: 0)))
  }

  /// The values of one head of one sequence: [blocks, positions, 32].
  package func values(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(values.unsafeRow(row(sequence, head, position: 0) * blockCount))
  }

  /// The floats from one block of values to the next.
  func valueBlockStride(of sequence: Int) -> Int {
    sequences.rows(of: sequence).count * ValueBlock.columnCount
  }

  private var blockCount: Int { ValueBlock.count(headDimension: headDimension) }

  /// Stores rows of [heads · headDimension] as keys and values of the positions of `run`.
  func store(keys newKeys: Activations, values newValues: Activations, run: SequenceRun) {
    precondition(run.firstPosition + run.count <= sequences.rows(of: run.sequence).count)
    precondition(run.row + run.count <= newKeys.rowCount && run.row + run.count <= newValues.rowCount)
    for head in 0..<headCount {
      for index in 0..<run.count {
        store(
          newKeys.unsafeRow(run.row + index) + head * headDimension,
          newValues.unsafeRow(run.row + index) + head * headDimension,
          run.sequence, head, position: run.firstPosition + index)
      }
    }
  }

  /// Stores one key and its value.
  private func store(
    _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ sequence: Int, _ head: Int, position: Int
  ) {
    let length = sequences.rows(of: sequence).count
    keys.unsafeRow(row(sequence, head, position: position)).update(from: key, count: headDimension)
    let blocks = values.unsafeRow(row(sequence, head, position: 0) * blockCount)
    for block in 0..<blockCount {
      let column = block * ValueBlock.columnCount
      (blocks + (block * length + position) * ValueBlock.columnCount)
        .update(from: value + column, count: min(ValueBlock.columnCount, headDimension - column))
    }
  }

  private func row(_ sequence: Int, _ head: Int, position: Int) -> Int {
    let rows = sequences.rows(of: sequence)
    return rows.lowerBound * headCount + head * rows.count + position
  }
}

/// Values are stored in blocks of 32 columns, the last one filled up with whatever is there.
public enum ValueBlock {
  /// Two vectors of AVX-512.
  @inlinable public static var columnCount: Int { 32 }

  static func count(headDimension: Int) -> Int { (headDimension + columnCount - 1) / columnCount }
}

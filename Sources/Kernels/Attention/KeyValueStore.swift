/// The keys and values of one layer for a whole batch. The next layer overwrites them: an embedding needs no cache.
///
/// Both are [sequence][head][position][headDimension]: what one tile of attention reads lies together, in few pages and
/// in all sets of the caches, which rows of several heads, 4 KB apart, would not.
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
    values = Activations(columnCount: headDimension)
  }

  /// Makes room for the keys and values of `sequences`.
  public func resize(for sequences: PackedSequences) {
    self.sequences = sequences
    keys.resize(rowCount: sequences.rowCount * headCount)
    values.resize(rowCount: sequences.rowCount * headCount)
  }

  /// The keys of one head of one sequence: [positions, headDimension].
  func keys(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(keys.unsafeRow(row(sequence, head, position: 0)))
  }

  /// The values of one head of one sequence: [positions, headDimension].
  func values(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(values.unsafeRow(row(sequence, head, position: 0)))
  }

  /// Stores rows of [heads · headDimension] as keys and values of the positions of `run`.
  func store(keys newKeys: Activations, values newValues: Activations, run: SequenceRun) {
    precondition(run.firstPosition + run.count <= sequences.rows(of: run.sequence).count)
    precondition(run.row + run.count <= newKeys.rowCount && run.row + run.count <= newValues.rowCount)
    for head in 0..<headCount {
      let first = row(run.sequence, head, position: run.firstPosition)
      let column = head * headDimension
      for index in 0..<run.count {
        keys.unsafeRow(first + index).update(
          from: newKeys.unsafeRow(run.row + index) + column, count: headDimension)
        values.unsafeRow(first + index).update(
          from: newValues.unsafeRow(run.row + index) + column, count: headDimension)
      }
    }
  }

  private func row(_ sequence: Int, _ head: Int, position: Int) -> Int {
    let rows = sequences.rows(of: sequence)
    return rows.lowerBound * headCount + head * rows.count + position
  }
}

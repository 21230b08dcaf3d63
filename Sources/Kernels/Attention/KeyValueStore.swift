/// The keys and values of one layer for a whole batch. The next layer overwrites them: an embedding needs no cache.
///
/// Both are [sequence][head][position][headDimension]: what one tile of attention reads lies together, in few pages
/// and in all sets of the caches, which rows of several heads, 4 KB apart, would not.
public final class KeyValueStore: @unchecked Sendable {
  public let headCount: Int
  public let headDimension: Int
  private let keys: Activations
  private let values: Activations
  private var sequences = PackedSequences(lengths: [])
  /// The positions of all sequences before each sequence.
  private var starts: [Int] = []

  public init(headCount: Int, headDimension: Int) {
    self.headCount = headCount
    self.headDimension = headDimension
    keys = Activations(columnCount: headDimension)
    values = Activations(columnCount: headDimension)
  }

  /// Makes room for the keys and values of `sequences`.
  public func resize(for sequences: PackedSequences) {
    self.sequences = sequences
    starts = (0..<sequences.count).reduce(into: [0]) { $0.append($0[$1] + sequences.positionCount(of: $1)) }
    keys.resize(rowCount: starts[sequences.count] * headCount)
    values.resize(rowCount: starts[sequences.count] * headCount)
  }

  /// The keys of one head of one sequence: [positions, headDimension].
  package func keys(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(keys.unsafeRow(row(sequence, head, position: 0)))
  }

  /// The values of one head of one sequence: [positions, headDimension].
  package func values(of sequence: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(values.unsafeRow(row(sequence, head, position: 0)))
  }

  /// Stores rows of [heads · headDimension] as keys and values of the positions of `run`.
  func store(keys newKeys: Activations, values newValues: Activations, run: SequenceRun) {
    precondition(run.firstPosition + run.count <= sequences.positionCount(of: run.sequence))
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
    starts[sequence] * headCount + head * sequences.positionCount(of: sequence) + position
  }
}

extension KeyValueStore {
  /// Copies the keys and values of the first `count` positions of a sequence.
  public func prefix(of sequence: Int, count: Int) -> KeyValuePrefix {
    let prefix = KeyValuePrefix(headCount: headCount, headDimension: headDimension, count: count)
    for head in 0..<headCount {
      let target = head * count * headDimension
      prefix.keys.update(from: keys(of: sequence, head: head), count: count * headDimension, at: target)
      prefix.values.update(from: values(of: sequence, head: head), count: count * headDimension, at: target)
    }
    return prefix
  }

  /// Makes the first `count` positions of `prefix` those of a sequence.
  public func setPrefix(_ prefix: KeyValuePrefix, count: Int, of sequence: Int) {
    precondition(prefix.headCount == headCount && prefix.headDimension == headDimension)
    precondition(count <= prefix.count && count <= sequences.positionCount(of: sequence))
    for head in 0..<headCount {
      let source = head * prefix.count * headDimension
      let first = row(sequence, head, position: 0)
      prefix.keys.copy(from: source, count: count * headDimension, to: keys.unsafeRow(first))
      prefix.values.copy(from: source, count: count * headDimension, to: values.unsafeRow(first))
    }
  }
}

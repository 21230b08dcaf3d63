/// The keys and values of one layer for a whole batch. The next layer overwrites them: an embedding needs no
/// cache.
///
/// Keys are [sequence][head][position][headDimension]. Values are [sequence][head][block][position][32], a
/// block 32 columns of a head, as ``TileMultiply`` takes them: the values of 192 keys then lie in 24 KB, one
/// after the other, and stay in a first-level cache. Rows of 128 columns would fall on a quarter of its sets,
/// and push each other out.
///
/// Sendable: one thread at a time uses a store, the one that has its transformer's turn. It resizes the store
/// between jobs. In a job workers either store, each the positions of its own piece of the rows, or read:
/// `Workers.forEach` returns when all of them are done, and what they wrote is visible to the next job.
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
    values = Activations(columnCount: ValueBlock.columnCount)
  }

  /// The positions of one sequence.
  func positionCount(of sequence: Int) -> Int { sequences.positionCount(of: sequence) }

  /// Makes room for the keys and values of `sequences`.
  public func resize(for sequences: PackedSequences) {
    self.sequences = sequences
    starts = (0..<sequences.count).reduce(into: [0]) { $0.append($0[$1] + sequences.positionCount(of: $1)) }
    keys.resize(rowCount: starts[sequences.count] * headCount)
    values.resize(rowCount: starts[sequences.count] * headCount * blockCount)
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
    sequences.positionCount(of: sequence) * ValueBlock.columnCount
  }

  private var blockCount: Int { ValueBlock.count(headDimension: headDimension) }

  /// Stores rows of [heads · headDimension] as keys and values of the positions of `run`.
  func store(keys newKeys: Activations, values newValues: Activations, run: SequenceRun) {
    precondition(run.firstPosition + run.count <= sequences.positionCount(of: run.sequence))
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
    let length = sequences.positionCount(of: sequence)
    keys.unsafeRow(row(sequence, head, position: position)).update(from: key, count: headDimension)
    let blocks = values.unsafeRow(row(sequence, head, position: 0) * blockCount)
    for block in 0..<blockCount {
      let column = block * ValueBlock.columnCount
      (blocks + (block * length + position) * ValueBlock.columnCount)
        .update(from: value + column, count: min(ValueBlock.columnCount, headDimension - column))
    }
  }

  private func row(_ sequence: Int, _ head: Int, position: Int) -> Int {
    starts[sequence] * headCount + head * sequences.positionCount(of: sequence) + position
  }
}

extension KeyValueStore {
  /// Copies the keys and values of the first `count` positions of a sequence.
  public func prefix(of sequence: Int, count: Int) -> KeyValuePrefix {
    precondition(count <= sequences.positionCount(of: sequence))
    let prefix = KeyValuePrefix(headCount: headCount, headDimension: headDimension, count: count)
    for head in 0..<headCount {
      prefix.keys.update(
        from: keys(of: sequence, head: head), count: count * headDimension, at: head * count * headDimension)
      for block in 0..<blockCount {
        prefix.values.update(
          from: values(of: sequence, head: head) + block * valueBlockStride(of: sequence),
          count: count * ValueBlock.columnCount, at: prefix.valueOffset(head: head, block: block))
      }
    }
    return prefix
  }

  /// Makes the first `count` positions of `prefix` those of a sequence.
  public func setPrefix(_ prefix: KeyValuePrefix, count: Int, of sequence: Int) {
    precondition(prefix.headCount == headCount && prefix.headDimension == headDimension)
    precondition(count <= prefix.count && count <= sequences.positionCount(of: sequence))
    for head in 0..<headCount {
      let first = row(sequence, head, position: 0)
      prefix.keys.copy(
        from: head * prefix.count * headDimension, count: count * headDimension, to: keys.unsafeRow(first))
      for block in 0..<blockCount {
        prefix.values.copy(
          from: prefix.valueOffset(head: head, block: block), count: count * ValueBlock.columnCount,
          to: values.unsafeRow(first * blockCount) + block * valueBlockStride(of: sequence))
      }
    }
  }
}

/// Values are stored in blocks of 32 columns, the last one filled up with whatever is there.
public enum ValueBlock {
  /// Two vectors of AVX-512.
  @inlinable public static var columnCount: Int { 32 }

  static func count(headDimension: Int) -> Int { (headDimension + columnCount - 1) / columnCount }
}

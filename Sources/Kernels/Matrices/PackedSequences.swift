/// Sequences packed one after another without padding: which rows of a batch belong to which sequence.
public struct PackedSequences: Sendable, Equatable {
  /// The first row of each sequence, and the row after the last: one element more than there are sequences.
  public let starts: [Int]
  /// The position of each sequence's first row. Above 0 where the positions before it are computed elsewhere.
  public let firstPositions: [Int]

  /// - Parameters:
  ///   - lengths: the rows of each sequence.
  ///   - firstPositions: nil where every sequence has all its positions.
  public init(lengths: [Int], firstPositions: [Int]? = nil) {
    starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    self.firstPositions = firstPositions ?? Array(repeating: 0, count: lengths.count)
  }

  public var count: Int { starts.count - 1 }
  public var rowCount: Int { starts[count] }

  /// The positions of one sequence, those that are computed elsewhere included.
  public func positionCount(of sequence: Int) -> Int {
    firstPositions[sequence] + rows(of: sequence).count
  }

  /// The positions of the longest sequence.
  public var longest: Int { (0..<count).map(positionCount(of:)).max() ?? 0 }

  /// The rows of one sequence.
  public func rows(of sequence: Int) -> Range<Int> { starts[sequence]..<starts[sequence + 1] }

  /// The rows `rows` as runs of consecutive positions of one sequence. `row` of a run counts from
  /// `rows.lowerBound`.
  public func runs(in rows: Range<Int>) -> [SequenceRun] {
    (0..<count).compactMap { sequence in
      let own = self.rows(of: sequence)
      let shared = own.clamped(to: rows)
      guard !shared.isEmpty else { return nil }
      return SequenceRun(
        sequence: sequence, firstPosition: firstPositions[sequence] + shared.lowerBound - own.lowerBound,
        count: shared.count, row: shared.lowerBound - rows.lowerBound)
    }
  }

  /// Each of the rows `rows`, ascending, as a run of its own. `row` of a run is its index in `rows`.
  public func runs(ofRows rows: [Int]) -> [SequenceRun] {
    var sequence = 0
    return rows.enumerated().map { index, row in
      while starts[sequence + 1] <= row { sequence += 1 }
      return SequenceRun(
        sequence: sequence, firstPosition: firstPositions[sequence] + row - starts[sequence], count: 1,
        row: index)
    }
  }
}

/// Consecutive positions of one sequence, in consecutive rows of a matrix.
public struct SequenceRun: Sendable, Equatable {
  public let sequence: Int
  public let firstPosition: Int
  public let count: Int
  /// The row of the first position.
  public let row: Int

  public init(sequence: Int, firstPosition: Int, count: Int, row: Int) {
    self.sequence = sequence
    self.firstPosition = firstPosition
    self.count = count
    self.row = row
  }
}

extension SequenceRun {
  /// The keys that the positions of the run see, all together.
  var keyCount: Int { count * firstPosition + count * (count + 1) / 2 }

  /// The positions whose rows lie in `rows`; nil where there are none.
  func part(rows: Range<Int>) -> SequenceRun? {
    let common = rows.clamped(to: row..<row + count)
    guard !common.isEmpty else { return nil }
    return SequenceRun(
      sequence: sequence, firstPosition: firstPosition + common.lowerBound - row, count: common.count,
      row: common.lowerBound)
  }

  /// The run cut into runs of at most `length` positions.
  func pieces(ofAtMost length: Int) -> [SequenceRun] {
    stride(from: 0, to: count, by: length).map { offset in
      SequenceRun(
        sequence: sequence, firstPosition: firstPosition + offset, count: min(length, count - offset),
        row: row + offset)
    }
  }
}

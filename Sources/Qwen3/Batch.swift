import Kernels

/// The token ids of several sequences, packed one after another without padding.
public struct Batch {
  /// [rows]: the ids of all sequences, without those that a shared prefix provides.
  public let tokenIDs: [Int32]
  public let sequences: PackedSequences
  /// [rows]: each token's position in its own sequence, from 0.
  let positions: [Int]
  let prefixes: [SharedPrefix]

  /// - Requires: no sequence is empty.
  public init(_ sequences: [[Int32]]) {
    self.init(sequences.map { TokenSequence($0) }, prefixes: [])
  }

  init(_ sequences: [TokenSequence], prefixes: [SharedPrefix]) {
    precondition(sequences.allSatisfy { !$0.ids.isEmpty })
    var firstPositions = Array(repeating: 0, count: sequences.count)
    for prefix in prefixes {
      for reader in prefix.readers { firstPositions[reader] = prefix.count }
    }
    tokenIDs = zip(sequences, firstPositions).flatMap { $0.ids.dropFirst($1) }
    positions = zip(sequences, firstPositions).flatMap { $1..<$0.ids.count }
    self.sequences = PackedSequences(
      lengths: zip(sequences, firstPositions).map { $0.ids.count - $1 }, firstPositions: firstPositions)
    self.prefixes = prefixes
  }

  /// The rows of the tokens that `pooling` reads, ascending.
  func pooledRows(_ pooling: Pooling) -> [Int] {
    switch pooling {
    case .last: sequences.starts.dropFirst().map { $0 - 1 }
    case .cls: Array(sequences.starts.dropLast())
    case .mean, .none: Array(0..<sequences.rowCount)
    }
  }
}

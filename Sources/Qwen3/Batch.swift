import Kernels

/// The token ids of several sequences, packed one after another without padding.
public struct Batch: Sendable {
  /// [rows]: the ids of all sequences.
  public let tokenIDs: [Int32]
  public let sequences: PackedSequences
  /// [rows]: each token's position in its own sequence, from 0.
  let positions: [Int]

  /// - Requires: no sequence is empty.
  public init(_ sequences: [[Int32]]) {
    precondition(sequences.allSatisfy { !$0.isEmpty })
    tokenIDs = sequences.flatMap { $0 }
    positions = sequences.flatMap { 0..<$0.count }
    self.sequences = PackedSequences(lengths: sequences.map(\.count))
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

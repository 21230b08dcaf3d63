import Kernels

/// The token ids of one text, and the instruction that it begins with.
package struct TokenSequence: Sendable, Equatable {
  package let ids: [Int32]
  /// The ids of the instruction alone. The last of them may differ in ``ids``, where the text after the
  /// instruction has merged with it.
  package let instruction: [Int32]

  package init(_ ids: [Int32], instruction: [Int32] = []) {
    self.ids = ids
    self.instruction = instruction
  }

  /// How many ids are those of the instruction. At least one is left: a text has a state of its own.
  var sharedCount: Int {
    min(zip(ids, instruction).prefix { $0 == $1 }.count, ids.count - 1)
  }
}

/// The token ids of several sequences, packed one after another without padding.
struct Batch {
  /// [rows]: the ids of all sequences, without those that a shared prefix provides.
  let tokenIDs: [Int32]
  let sequences: PackedSequences
  /// [rows]: each token's position in its own sequence, from 0.
  let positions: [Int]
  let prefixes: [SharedPrefix]

  /// - Requires: no sequence is empty.
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

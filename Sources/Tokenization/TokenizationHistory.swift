/// How a text became its tokens, step by step: added tokens found, NFC, pieces, merges. For those who look
/// inside; ``Tokenizer/encode(_:options:workspace:)`` takes shorter ways to the same tokens.
package struct TokenizationHistory: Sendable {
  /// What one stretch of the text became.
  package enum Part: Sendable, Equatable {
    /// An added token, found as a whole before anything else happens to the text.
    case added(TokenID, bytes: [UInt8])
    /// A piece of the split pattern, after NFC. Merges never cross its ends.
    case piece([UInt8], tokens: [TokenID])
  }

  /// A stretch of the text that NFC changed.
  package struct Change: Sendable, Equatable {
    /// In the bytes of the text.
    package let original: Range<Int>
    package let before: [UInt8]
    package let after: [UInt8]
  }

  package let parts: [Part]
  package let changes: [Change]

  /// The tokens of all parts, without those that are put around a text.
  package var tokens: [TokenID] {
    parts.flatMap { part in
      switch part {
      case .added(let token, _): [token]
      case .piece(_, let tokens): tokens
      }
    }
  }
}

/// One merge: two neighbors become one token.
package struct MergeStep: Sendable, Equatable {
  /// How early the pair merges among all pairs of the vocabulary; 0 is first.
  package let rank: Int
  package let left: TokenID
  package let right: TokenID
  package let result: TokenID
  /// The piece after the merge.
  package let tokens: [TokenID]
}

extension Tokenizer {
  /// The way of a text to its tokens.
  ///
  /// - Parameter addedTokens: as in ``EncodingOptions``.
  package func history(
    of text: String, addedTokens recognition: AddedTokenRecognition = .all
  ) -> TokenizationHistory {
    let bytes = Array(text.utf8)
    var parts: [TokenizationHistory.Part] = []
    var changes: [TokenizationHistory.Change] = []
    bytes.withUnsafeBufferPointer { text in
      var start = 0
      var searchStart = 0
      while recognition != .none, let match = firstAddedToken(in: text, from: searchStart) {
        searchStart = match.range.upperBound
        if match.isSpecial, recognition == .userDefined { continue }
        let segment = UnsafeBufferPointer(rebasing: text[start..<match.range.lowerBound])
        append(segment, at: start, to: &parts, &changes)
        parts.append(.added(match.token, bytes: Array(text[match.range])))
        start = match.range.upperBound
      }
      append(UnsafeBufferPointer(rebasing: text[start...]), at: start, to: &parts, &changes)
    }
    return TokenizationHistory(parts: parts, changes: changes)
  }

  private func append(
    _ segment: UnsafeBufferPointer<UInt8>, at start: Int, to parts: inout [TokenizationHistory.Part],
    _ changes: inout [TokenizationHistory.Change]
  ) {
    var normalizer = NFC()
    var normalized: [UInt8] = []
    var positions: [PositionChange] = []
    if !normalizer.normalize(segment, into: &normalized, changes: &positions) {
      normalized = Array(segment)
    }
    for change in positions {
      changes.append(
        TokenizationHistory.Change(
          original: change.original.lowerBound + start..<change.original.upperBound + start,
          before: Array(segment[change.original]), after: Array(normalized[change.changed])))
    }
    let pattern = SplitPattern()
    normalized.withUnsafeBufferPointer { text in
      var position = 0
      while position < text.count {
        let end = pattern.endOfPiece(in: text, from: position)
        let piece = Array(text[position..<end])
        parts.append(.piece(piece, tokens: mergedTokens(of: piece)))
        position = end
      }
    }
  }

  private func mergedTokens(of piece: [UInt8]) -> [TokenID] {
    var tokens = piece.map { vocabulary.byteTokens.elements[Int($0)] }
    var merger = LongPieceMerger()
    let count = tokens.withUnsafeMutableBufferPointer { tokens in
      merger.merge(tokens.baseAddress!, count: tokens.count, lookup: vocabulary.merges.lookup)
    }
    return Array(tokens.prefix(count))
  }

  /// The merges of a piece in the order in which they are made: the lowest rank first, and of equal ones the
  /// first in the text. Quadratic; pieces of more bytes than `byteLimit` have no steps.
  package func mergeSteps(ofPiece piece: [UInt8], byteLimit: Int = 256) -> [MergeStep] {
    guard piece.count <= byteLimit else { return [] }
    let lookup = vocabulary.merges.lookup
    var tokens = byteTokens(of: piece)
    var steps: [MergeStep] = []
    while true {
      let ranks = zip(tokens, tokens.dropFirst()).map { lookup.rank($0, $1) }
      guard let rank = ranks.min(), rank != MergeLookup.noRank,
        let position = ranks.firstIndex(of: rank)
      else { return steps }
      let (left, right) = (tokens[position], tokens[position + 1])
      let result = lookup.result(ofRank: rank)
      tokens.replaceSubrange(position...position + 1, with: [result])
      steps.append(
        MergeStep(rank: Int(rank), left: left, right: right, result: result, tokens: tokens))
    }
  }

  /// The tokens of single bytes, where every piece begins.
  package func byteTokens(of piece: [UInt8]) -> [TokenID] {
    piece.map { vocabulary.byteTokens.elements[Int($0)] }
  }
}

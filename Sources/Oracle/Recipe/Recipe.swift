/// Every decision on the way from a text to a vector, or from a query and a document to a score. The defaults
/// are what Qwen3-Embedding and Qwen3-Reranker were trained with; a mistake is another value of one of them.
package struct Recipe: Hashable, Sendable {
  package var text = TextPreparation.none
  package var instruction = InstructionUse.asGiven
  package var tokens = TokenizationRule()
  package var tokenInput = TokenInputRule.withEnd
  package var ending = Ending.once
  package var limit: TokenLimit?
  package var padding: RightPadding?
  package var transformer = TransformerRule()
  package var pooling = StatePooling()
  /// Of rerankers.
  package var prompt = RerankPromptRule()
  package var score = ScoreRule()

  package init() {}

  package static let reference = Recipe()
}

/// What a service does to a text before it is tokenized.
package enum TextPreparation: Hashable, Sendable, CaseIterable {
  case none
  case stripsBothEnds, stripsStart, stripsEnd
  /// Every run of white space becomes one space, and the ends go.
  case collapses
  case lineEndsBecomeSpaces
  case carriageReturnsGo
  case lowercases
  case leadingSpaceAdded

  package func callAsFunction(_ text: String) -> String {
    let scalars = text.unicodeScalars
    func stripped(_ scalars: some BidirectionalCollection<Unicode.Scalar>, start: Bool, end: Bool) -> String {
      var rest = Array(scalars)
      if end { while let last = rest.last, last.properties.isWhitespace { rest.removeLast() } }
      let kept = start ? rest.drop { $0.properties.isWhitespace } : rest[...]
      return Self.string(kept)
    }
    switch self {
    case .none: return text
    case .stripsBothEnds: return stripped(scalars, start: true, end: true)
    case .stripsStart: return stripped(scalars, start: true, end: false)
    case .stripsEnd: return stripped(scalars, start: false, end: true)
    case .collapses:
      return scalars.split(whereSeparator: \.properties.isWhitespace).map(Self.string).joined(separator: " ")
    case .lineEndsBecomeSpaces: return Self.string(scalars.map { $0 == "\n" ? " " : $0 })
    case .carriageReturnsGo: return Self.string(scalars.filter { $0 != "\r" })
    case .lowercases: return text.lowercased()
    case .leadingSpaceAdded: return " " + text
    }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}

/// Where the instruction goes. The reference sends queries with it and documents without.
package enum InstructionUse: Hashable, Sendable, CaseIterable {
  case asGiven
  /// `Query: ` with a space.
  case spaceAfterColon
  /// No line end before `Query:`.
  case spaceForLineEnd
  /// The service puts its own in front of queries that have one.
  case twiceOnQueries
  /// Documents get it too.
  case onDocuments
  /// The service puts it in front of every text, so that queries have it twice.
  case onEverything
  /// Queries are sent without it.
  case missing
}

/// The tokens that end a text.
package enum Ending: Hashable, Sendable, CaseIterable {
  case once, missing, endOfTurn, twice
  /// `<|im_end|>`, then the right one.
  case afterEndOfTurn
  /// The right one, and one in front of the text.
  case alsoInFront
}

/// What becomes of token ids that are sent instead of a text.
package enum TokenInputRule: Hashable, Sendable, CaseIterable {
  case withEnd
  /// They are run as they are.
  case withoutEnd
  /// They are decoded, and the text is tokenized.
  case retokenized
}

/// A limit that cuts without a word.
package struct TokenLimit: Hashable, Sendable {
  package enum Cut: Hashable, Sendable, CaseIterable {
    /// The text's tokens are cut so that the end of text still fits.
    case keepsEnd
    /// The end of text is cut off with the rest.
    case dropsEnd
    /// The limit is for the text; the end of text comes on top.
    case endOnTop
    /// The beginning is cut off.
    case keepsTail
  }

  package var count: Int
  package var cut: Cut

  package init(count: Int, cut: Cut) {
    self.count = count
    self.cut = cut
  }

  /// - Parameter ids: with the end of text.
  package func callAsFunction(_ ids: [Int32], endCount: Int) -> [Int32] {
    guard ids.count > count else { return ids }
    let end = ids.suffix(endCount)
    let body = ids.dropLast(endCount)
    return switch cut {
    case .keepsEnd: Array(body.prefix(max(0, count - endCount)) + end)
    case .dropsEnd: Array(ids.prefix(count))
    case .endOnTop: Array(body.prefix(count) + end)
    case .keepsTail: Array(ids.suffix(count))
    }
  }
}

/// Padding on the right, and the state read at its end. Padding is hidden as a key, as an attention mask
/// does.
package struct RightPadding: Hashable, Sendable {
  /// The length that every text is padded to.
  package var length: Int
}

/// Which states become the vector.
package struct StatePooling: Hashable, Sendable {
  package enum Position: Hashable, Sendable, CaseIterable {
    /// Those that the model was trained with: the last token's, for Qwen3-Embedding.
    case last
    case mean, cls
    /// The last token's, where the model was trained with others.
    case lastToken
    /// The last token that is not the end of text: a mask `id != pad` with pad the same as the end of text.
    case lastBeforeEnd
  }

  package var position = Position.last
  package var isBeforeFinalNorm = false
}

/// Why a query and documents match: how much each word and sentence carries, by leaving it out and running
/// the model again.
package struct MatchExplanation: Sendable, Equatable {
  /// What says how near two texts are.
  package enum Measure: String, Sendable {
    /// The cosine of two vectors.
    case cosine
    /// A reranker's logit of yes minus that of no, of which its score is the sigmoid.
    case logit
  }

  /// A part of a text, left out.
  package struct Unit: Sendable, Equatable {
    /// In the UTF-8 bytes of the text.
    package let bytes: Range<Int>
    package let text: String
    /// The measure without the unit.
    package let without: Double
    /// How much the unit carries: the measure with it minus the measure without.
    package let effect: Double
  }

  /// The units of a text at one size.
  package struct Units: Sendable, Equatable {
    /// In the order of the text. Empty where the text is one unit.
    package let words: [Unit]
    package let sentences: [Unit]
    /// How many words a unit of ``words`` has, where there are too many to leave out one by one.
    package let wordsTogether: Int
  }

  package struct Document: Sendable, Equatable {
    package let text: String
    package let tokenCount: Int
    /// The measure of the whole query and the whole document.
    package let value: Double
    /// A reranker's score, 0 to 1.
    package let probability: Double?
    /// What carries it in the document, and in the query.
    package let ofDocument: Units
    package let ofQuery: Units
  }

  package let measure: Measure
  package let query: String
  /// In the order given.
  package let documents: [Document]
  /// Texts that went through the model, whole and shortened, and their tokens.
  package let passCount: Int
  package let tokenCount: Int

  /// Where there are two documents: why the one is above the other.
  package var comparison: HitComparison? {
    documents.count == 2 ? HitComparison(documents) : nil
  }
}

/// Two documents, the nearer one first, and what decides between them.
package struct HitComparison: Sendable, Equatable {
  /// Their numbers among the documents.
  package let above: Int
  package let below: Int
  package let lead: Double
  /// By word of the query: how much of the lead it carries. The sum of all is not the lead: words act
  /// together.
  package let queryWords: [MatchExplanation.Unit]
  /// The word of the upper document whose loss costs most, and whether the order turns without it.
  package let decisive: (unit: MatchExplanation.Unit, turns: Bool)?

  init(_ documents: [MatchExplanation.Document]) {
    above = documents[0].value >= documents[1].value ? 0 : 1
    below = 1 - above
    let (upper, lower) = (documents[above], documents[below])
    lead = upper.value - lower.value
    let lead = lead
    // Long documents may leave time for other groups of words only.
    let isSame = upper.ofQuery.words.map(\.bytes) == lower.ofQuery.words.map(\.bytes)
    queryWords = zip(isSame ? upper.ofQuery.words : [], lower.ofQuery.words).map { upper, lower in
      let without = upper.without - lower.without
      return MatchExplanation.Unit(
        bytes: upper.bytes, text: upper.text, without: without, effect: lead - without)
    }
    decisive = upper.ofDocument.words.max { $0.effect < $1.effect }.map { ($0, $0.effect > lead) }
  }

  package static func == (a: HitComparison, b: HitComparison) -> Bool {
    a.above == b.above && a.lead == b.lead && a.queryWords == b.queryWords
      && a.decisive?.unit == b.decisive?.unit
  }
}

/// A known mistake that can be made on purpose: another value of one decision of the ``Recipe``.
package struct Mistake: Sendable, Identifiable {
  /// Which decision it is about. A hypothesis has at most one mistake for each.
  package enum Aspect: Hashable, Sendable {
    case text, instruction, normalization, split, addedTokens, tokenInput, ending, limit, padding
    case mask, headNorm, pairs, theta, headDimension, pooling, finalNorm
    case template, suffix, labels, score
  }

  /// Stable: in reports, and the name of a page in docs/mistakes.
  package let id: String
  /// In the list of known mistakes; nil for one that is not in it.
  package let number: Int?
  package let aspect: Aspect
  package let title: String
  package let explanation: String
  package let remedy: String
  package let apply: @Sendable (inout Recipe) -> Void

  func applied(to recipe: Recipe) -> Recipe {
    var recipe = recipe
    apply(&recipe)
    return recipe
  }
}

/// Mistakes that are thought to have been made together.
package struct Hypothesis: Sendable {
  package let mistakes: [Mistake]

  package init(_ mistakes: [Mistake] = []) { self.mistakes = mistakes }

  package var recipe: Recipe { mistakes.reduce(Recipe.reference) { $1.applied(to: $0) } }
  package var ids: [String] { mistakes.map(\.id) }

  func adding(_ mistake: Mistake) -> Hypothesis? {
    mistakes.contains { $0.aspect == mistake.aspect } ? nil : Hypothesis(mistakes + [mistake])
  }
}

extension Mistake {
  /// All of vectors that are emulated, the most frequent of each family first.
  package static let all: [Mistake] =
    endings + instructions + poolings + transformers + whiteSpace + tokenizers + tokenInputs

  /// All of rerankers: their own, and those of the model and the tokenizer that they share.
  package static let ofRerankers: [Mistake] =
    rerankPrompts + rerankScores + poolings + transformers + whiteSpace
    + tokenizers.filter { $0.aspect != .addedTokens }

  static func all(_ measure: Measure) -> [Mistake] { measure == .vectors ? all : ofRerankers }
}

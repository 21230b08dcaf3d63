import Touchstone

/// What is to be explained, and how much work it may take.
package struct ExplanationRequest: Sendable {
  /// A text; with ``documents``, the query.
  package var text: String
  package var role: EmbeddingRole
  /// What the query is matched with: at most two. A reranker needs one.
  package var documents: [String]
  package var activations = ActivationPrecision.i16
  /// nil: as the file says.
  package var pooling: Pooling?
  /// The most tokens of one text. nil: the model's context.
  package var maximumTokens: Int?
  package var truncation = Truncation.error
  /// Which piece's merges are shown; nil: the one with the most.
  package var piece: Int?
  /// The most units of one text that are left out, of each size.
  package var unitLimit = 256
  /// The most tokens of all shortened texts of one text, at each size.
  package var leftOutTokens = 1 << 20
  /// Whether the vectors of the other precisions and widths are computed, which takes four passes more.
  package var comparesVectors = true

  package init(_ text: String, as role: EmbeddingRole = .document, documents: [String] = []) {
    self.text = text
    self.role = role
    self.documents = documents
  }

  /// The task of a reranker.
  var instruction: String {
    if case .query(let task) = role { return task }
    return RerankModel.defaultInstruction
  }

  package var embeddingOptions: EmbeddingOptions {
    var options = EmbeddingOptions()
    options.activations = activations
    options.pooling = pooling
    options.maximumTokens = maximumTokens
    options.truncation = truncation
    return options
  }

  var rerankOptions: RerankOptions {
    var options = RerankOptions()
    options.activations = activations
    options.maximumTokens = maximumTokens
    options.truncation = truncation
    return options
  }

  /// How many units of a text of so many tokens are left out.
  func unitLimit(tokenCount: Int) -> Int {
    max(2, min(unitLimit, leftOutTokens / max(tokenCount, 1)))
  }
}

import Touchstone

/// What every dialect's embedding request comes down to.
package struct EmbeddingRequest: Sendable {
  /// The name that the client gave. nil: the first model.
  package var model: String?
  package var inputs: [EmbeddingInput]
  /// nil: all of the model's.
  package var dimensions: Int?
  package var normalization = Normalization.l2
  /// nil: the service's policy.
  package var truncation: Truncation?
  /// The most tokens of one input. nil: the service's limit, or the model's context.
  package var maximumTokens: Int?
  /// nil: the service's, or what the model's file says.
  package var pooling: Pooling?
  /// nil: the service's.
  package var activations: ActivationPrecision?

  package init(model: String? = nil, inputs: [EmbeddingInput]) {
    self.model = model
    self.inputs = inputs
  }
}

/// What every rerank request comes down to: one query, and documents to be ranked by it.
package struct RerankRequest: Sendable, Equatable {
  /// The name that the client gave. nil: the first reranker.
  package var model: String?
  package var query: String
  package var documents: [String]
  /// nil: the service's task.
  package var instruction: String?
  /// nil: the service's policy.
  package var truncation: Truncation?
  /// The most tokens of one document, the others being cut off. nil: as many as fit.
  package var maximumDocumentTokens: Int?

  package init(model: String? = nil, query: String, documents: [String]) {
    self.model = model
    self.query = query
    self.documents = documents
  }
}

/// Pairs of texts to be scored, each by itself.
package struct ScoreRequest: Sendable {
  package struct Pair: Sendable, Equatable {
    package let first: String
    package let second: String

    package init(_ first: String, _ second: String) {
      self.first = first
      self.second = second
    }
  }

  /// The name that the client gave. nil: the first reranker, or the first model where there is none.
  package var model: String?
  package var pairs: [Pair]
  /// nil: the service's task.
  package var instruction: String?
  /// nil: the service's policy.
  package var truncation: Truncation?
  /// The most tokens of a pair, or of a text for models that embed. nil: as many as fit.
  package var maximumTokens: Int?

  package init(model: String? = nil, pairs: [Pair]) {
    self.model = model
    self.pairs = pairs
  }
}

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

  package init(model: String? = nil, inputs: [EmbeddingInput]) {
    self.model = model
    self.inputs = inputs
  }
}

/// The vectors of a request, in the order of its inputs.
package struct EmbeddingAnswer: Sendable {
  /// The served name of the model that computed them.
  package let model: String
  package let embeddings: [Embedding]
  package let timings: RequestTimings

  package init(model: String, embeddings: [Embedding], timings: RequestTimings) {
    self.model = model
    self.embeddings = embeddings
    self.timings = timings
  }
}

/// How long the parts of a request took.
package struct RequestTimings: Sendable, Equatable {
  /// Text to token ids.
  package var tokenization = Duration.zero
  /// From the queue's door to the first pass that had an input of the request.
  package var queue = Duration.zero
  /// From that pass's beginning to the last vector.
  package var inference = Duration.zero

  package init() {}
}

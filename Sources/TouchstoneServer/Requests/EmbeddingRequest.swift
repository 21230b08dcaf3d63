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

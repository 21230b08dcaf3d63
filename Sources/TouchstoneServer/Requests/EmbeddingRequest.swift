import Touchstone

/// What a client asks to be embedded, in any dialect. nil is what the request does not say.
package struct EmbeddingRequest: Equatable, Sendable {
  package var model: String?
  package var inputs: RequestInputs
  package var role: EmbeddingRole?
  package var truncation: Truncation?
  package var dimensions: Int?
  package var normalization: Normalization?
  package var pooling: Pooling?

  package init(
    model: String? = nil, inputs: RequestInputs, role: EmbeddingRole? = nil, truncation: Truncation? = nil,
    dimensions: Int? = nil, normalization: Normalization? = nil, pooling: Pooling? = nil
  ) {
    self.model = model
    self.inputs = inputs
    self.role = role
    self.truncation = truncation
    self.dimensions = dimensions
    self.normalization = normalization
    self.pooling = pooling
  }
}

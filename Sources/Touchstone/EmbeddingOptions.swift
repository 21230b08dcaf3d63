import Qwen3

/// How inputs become vectors. The defaults give the model's own vectors: pooled as the file says, all
/// dimensions, L2-normalized, and an error for an input that does not fit.
public struct EmbeddingOptions: Sendable {
  /// The precision in which activations meet the weights.
  public var activations: ActivationPrecision
  /// The first `dimensions` components are kept (Matryoshka), before normalizing. nil: all.
  public var dimensions: Int?
  /// nil: as the file says.
  public var pooling: Pooling?
  public var normalization: Normalization
  /// The most tokens of one input, the end of text included. nil: the model's context length.
  public var maximumTokens: Int?
  /// The treatment of an input of more tokens.
  public var truncation: Truncation
  /// How many tokens go through the model together. Memory grows with it; the vectors do not depend on it.
  public var batchTokens: Int

  public init(
    activations: ActivationPrecision = .i16, dimensions: Int? = nil, pooling: Pooling? = nil,
    normalization: Normalization = .l2, maximumTokens: Int? = nil, truncation: Truncation = .error,
    batchTokens: Int = 1024
  ) {
    self.activations = activations
    self.dimensions = dimensions
    self.pooling = pooling
    self.normalization = normalization
    self.maximumTokens = maximumTokens
    self.truncation = truncation
    self.batchTokens = batchTokens
  }
}

public enum Normalization: String, CaseIterable, Sendable {
  /// Length 1: a dot product is a cosine.
  case l2
  /// As pooled.
  case none
}

/// The treatment of an input that is longer than `maximumTokens`.
///
/// Token ids are cut, never text, and the end of text is kept. ``Embedding/inputTokenCount`` reports every
/// cut.
public enum Truncation: String, CaseIterable, Sendable {
  /// The call fails with ``TouchstoneError/inputTooLong(index:tokens:limit:)``.
  case error
  /// The end of the input is cut off.
  case right
  /// The beginning of the input is cut off.
  case left
}

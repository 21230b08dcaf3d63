import Qwen3

/// How inputs become vectors. The defaults give the model's own vectors: pooled as the file says, all
/// dimensions, L2-normalised, and an error for an input that does not fit.
public struct EmbeddingOptions: Sendable {
  /// The precision in which activations meet the weights.
  public var activations: ActivationPrecision = .i16
  /// The first `dimensions` components are kept (Matryoshka), before normalising. nil: all.
  public var dimensions: Int?
  /// nil: as the file says.
  public var pooling: Pooling?
  public var normalization: Normalization = .l2
  /// The most tokens of one input, the end of text included. nil: the model's context length.
  public var maximumTokens: Int?
  /// What happens to an input of more tokens.
  public var truncation: Truncation = .error
  /// How many tokens go through the model together. Memory grows with it; the vectors do not depend on it.
  public var batchTokens = 1024

  public init() {}
}

public enum Normalization: String, CaseIterable, Sendable {
  /// Length 1: a dot product is a cosine.
  case l2
  /// As pooled.
  case none
}

/// What happens to an input that is longer than `maximumTokens`.
///
/// Token ids are cut, never text, and the end of text is kept. ``Embedding/inputTokenCount`` reports every cut.
public enum Truncation: String, CaseIterable, Sendable {
  /// The call fails with ``TouchstoneError/inputTooLong(index:tokens:limit:)``.
  case error
  /// The end of the input is cut off.
  case right
  /// The beginning of the input is cut off.
  case left
}

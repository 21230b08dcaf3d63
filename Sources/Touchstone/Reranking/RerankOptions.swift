import Qwen3

/// How documents become scores. The defaults give the model's own scores, and an error for a document that
/// does not fit.
public struct RerankOptions: Sendable {
  /// The precision in which activations meet the weights.
  public var activations: ActivationPrecision
  /// The most tokens of one document with its prompt: instruction, query and all. nil: the model's context
  /// length.
  public var maximumTokens: Int?
  /// The treatment of a document of more tokens. Only the document is cut: never the query, nor what comes
  /// after.
  public var truncation: Truncation
  /// How many tokens go through the model together. Memory grows with it; the scores do not depend on it.
  public var batchTokens: Int

  public init(
    activations: ActivationPrecision = .i16, maximumTokens: Int? = nil, truncation: Truncation = .error,
    batchTokens: Int = 1024
  ) {
    self.activations = activations
    self.maximumTokens = maximumTokens
    self.truncation = truncation
    self.batchTokens = batchTokens
  }
}

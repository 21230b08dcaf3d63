import Qwen3

/// How documents become scores. The defaults give the model's own scores, and an error for a document that does not fit.
public struct RerankOptions: Sendable {
  /// The precision in which activations meet the weights.
  public var activations: ActivationPrecision = .i16
  /// The most tokens of one document with its prompt: instruction, query and all. nil: the model's context length.
  public var maximumTokens: Int?
  /// What happens to a document of more tokens. Only the document is cut: never the query, nor what comes after.
  public var truncation: Truncation = .error
  /// How many tokens go through the model together. Memory grows with it; the scores do not depend on it.
  public var batchTokens = 1024

  public init() {}
}

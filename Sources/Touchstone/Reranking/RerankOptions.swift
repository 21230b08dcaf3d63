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

/// The model's judgment of one document, and the token counts behind it.
public struct RerankScore: Sendable, Equatable {
  /// The document's place among those of the call.
  public let index: Int
  /// The probability that the document meets the query's requirements, 0 to 1.
  public let score: Double
  /// The logit of "yes" minus the logit of "no", of which ``score`` is the sigmoid. Tells documents apart
  /// where scores are too near to 0 or 1 to do so.
  public let logitDifference: Double
  /// The tokens that went through the model: the prompt, the query and the document.
  public let tokenCount: Int
  /// The same before truncation.
  public let inputTokenCount: Int

  /// Whether tokens of the document were cut off to fit `maximumTokens`.
  public var isTruncated: Bool { inputTokenCount > tokenCount }

  public init(index: Int, score: Double, logitDifference: Double, tokenCount: Int, inputTokenCount: Int) {
    self.index = index
    self.score = score
    self.logitDifference = logitDifference
    self.tokenCount = tokenCount
    self.inputTokenCount = inputTokenCount
  }
}

extension Collection<RerankScore> {
  /// Best first; equal ones in the order of the documents.
  public func bestFirst() -> [RerankScore] {
    sorted { ($1.logitDifference, $0.index) < ($0.logitDifference, $1.index) }
  }
}

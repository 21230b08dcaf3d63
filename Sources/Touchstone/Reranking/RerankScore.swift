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

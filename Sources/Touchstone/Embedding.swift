/// The vector of one input, and how it came about.
public struct Embedding: Sendable, Equatable {
  /// The components: `dimensions` of them, or `tokenCount * dimensions`, token by token, with pooling `none`.
  public let values: [Float]
  /// The components of one vector.
  public let dimensions: Int
  /// The tokens that went through the model, the end of text included.
  public let tokenCount: Int
  /// The tokens of the input before truncation, the end of text included.
  public let inputTokenCount: Int

  /// Whether tokens were cut off to fit `maximumTokens`.
  public var isTruncated: Bool { inputTokenCount > tokenCount }

  /// The vectors one by one: one, or one a token with pooling `none`.
  public var vectors: [ArraySlice<Float>] {
    stride(from: 0, to: values.count, by: dimensions).map { values[$0..<$0 + dimensions] }
  }

  public init(values: [Float], dimensions: Int, tokenCount: Int, inputTokenCount: Int) {
    self.values = values
    self.dimensions = dimensions
    self.tokenCount = tokenCount
    self.inputTokenCount = inputTokenCount
  }
}

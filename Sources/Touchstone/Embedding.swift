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

  /// The cosine of the angle between two vectors: −1 to 1, and 0 where one of them has length 0.
  ///
  /// Products and sums are in float64, in index order, so the bits are the same everywhere.
  ///
  /// - Precondition: both hold one vector (any pooling but `none`) of the same dimensions.
  public func similarity(to other: Embedding) -> Float {
    precondition(
      values.count == dimensions && other.values.count == dimensions,
      "similarity compares single vectors of the same dimensions")
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (dot(values, values) * dot(other.values, other.values)).squareRoot()
    return lengths > 0 ? Float(dot(values, other.values) / lengths) : 0
  }

  public init(values: [Float], dimensions: Int, tokenCount: Int, inputTokenCount: Int) {
    self.values = values
    self.dimensions = dimensions
    self.tokenCount = tokenCount
    self.inputTokenCount = inputTokenCount
  }
}

import Kernels
import Touchstone

/// The sizes of a model to be made.
package struct SyntheticShape: Sendable, Equatable {
  package var layerCount: Int
  package var hiddenSize: Int
  package var feedForwardSize: Int
  package var headCount: Int
  package var keyValueHeadCount: Int
  package var headDimension: Int
  package var contextLength: Int
  package var vocabularySize: Int

  package init(
    layerCount: Int, hiddenSize: Int, feedForwardSize: Int, headCount: Int, keyValueHeadCount: Int,
    headDimension: Int, contextLength: Int, vocabularySize: Int
  ) {
    self.layerCount = layerCount
    self.hiddenSize = hiddenSize
    self.feedForwardSize = feedForwardSize
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
  }

  package var querySize: Int { headCount * headDimension }
  package var keyValueSize: Int { keyValueHeadCount * headDimension }
}

extension SyntheticShape {
  /// Qwen3-Embedding-0.6B.
  package static let small = SyntheticShape(
    layerCount: 28, hiddenSize: 1024, feedForwardSize: 3072, headCount: 16, keyValueHeadCount: 8,
    headDimension: 128, contextLength: 32768, vocabularySize: 151_669)
  /// Qwen3-Embedding-4B.
  package static let medium = SyntheticShape(
    layerCount: 36, hiddenSize: 2560, feedForwardSize: 9728, headCount: 32, keyValueHeadCount: 8,
    headDimension: 128, contextLength: 40960, vocabularySize: 151_665)
  /// Qwen3-Embedding-8B.
  package static let large = SyntheticShape(
    layerCount: 36, hiddenSize: 4096, feedForwardSize: 12288, headCount: 32, keyValueHeadCount: 8,
    headDimension: 128, contextLength: 40960, vocabularySize: 151_665)
}

extension SyntheticShape {
  /// The limits are those that the engine sets when it reads a file.
  ///
  /// - Throws: ``TouchstoneError/invalidOption(_:)`` with a sentence about the first size that no model can
  ///   have.
  func check() throws(TouchstoneError) {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(TouchstoneError) {
      guard range.contains(value) else {
        throw .invalidOption(
          "\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
      }
    }
    try check("the number of layers", layerCount, 1...1 << 10)
    try check("the hidden size", hiddenSize, 1...1 << 16)
    try check("the feed-forward size", feedForwardSize, 1...1 << 18)
    try check("the number of heads", headCount, 1...1 << 12)
    try check("the number of key-value heads", keyValueHeadCount, 1...headCount)
    try check("the head dimension", headDimension, 2...1 << 12)
    try check("the context length", contextLength, 1...1 << 24)
    try check("the vocabulary size", vocabularySize, SyntheticVocabulary.minimumSize...1 << 24)
    guard headCount % keyValueHeadCount == 0 else {
      throw .invalidOption(
        "\(headCount) heads cannot be shared out among \(keyValueHeadCount) key-value heads; choose a divisor of \(headCount)"
      )
    }
    guard headCount / keyValueHeadCount <= AttentionScratch.rowCapacity else {
      throw .invalidOption(
        "\(headCount) heads on \(keyValueHeadCount) key-value heads are more than the \(AttentionScratch.rowCapacity) each that the engine runs"
      )
    }
    guard headDimension % 2 == 0 else {
      throw .invalidOption("the head dimension is \(headDimension), but must be even: rotation turns pairs")
    }
  }
}

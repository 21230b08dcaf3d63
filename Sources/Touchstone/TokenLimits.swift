import Qwen3

/// The longest input and the size of a batch, checked against a model.
package struct TokenLimits: Sendable {
  /// Of one input.
  package let maximum: Int
  /// Of the inputs that go through the model together.
  package let batch: Int

  /// As many as the longest context that a model file may have: sums of tokens stay far from overflow.
  package static let largestBatch = 1 << 24

  /// - Parameter maximum: nil: what the model's context holds.
  init(maximum: Int?, batch: Int, _ configuration: ModelConfiguration) throws(TouchstoneError) {
    self.maximum = maximum ?? configuration.contextLength
    self.batch = batch
    guard (1...configuration.contextLength).contains(self.maximum) else {
      throw .invalidOption(
        "the maximum of tokens is \(self.maximum), but this model's context holds 1 to \(configuration.contextLength)"
      )
    }
    guard (1...Self.largestBatch).contains(batch) else {
      throw .invalidOption("batch tokens is \(batch), but must be from 1 to \(Self.largestBatch)")
    }
  }

  /// Consecutive inputs that together have at most `batch` tokens; a longer input is a batch of its own.
  func batches(ofTokenCounts counts: [Int]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var start = 0
    var tokens = 0
    for (index, count) in counts.enumerated() {
      if tokens + count > batch, index > start {
        batches.append(start..<index)
        start = index
        tokens = 0
      }
      tokens += count
    }
    if start < counts.count { batches.append(start..<counts.count) }
    return batches
  }
}

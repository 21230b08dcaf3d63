import Qwen3

/// The longest input and the size of a batch, checked against a model.
package struct TokenLimits: Sendable {
  /// Of one input.
  package let maximum: Int
  /// Far beyond every machine, and far from where sums of it would overflow.
  private static let batchRange = 1...1 << 40

  /// Of the inputs that go through the model together.
  package let batch: Int

  /// - Parameter maximum: nil: the model's context.
  init(maximum: Int?, batch: Int, _ configuration: ModelConfiguration) throws(TouchstoneError) {
    self.maximum = maximum ?? configuration.contextLength
    self.batch = batch
    guard (1...configuration.contextLength).contains(self.maximum) else {
      throw .invalidOption(
        "the maximum of tokens is \(self.maximum), but this model's context holds 1 to \(configuration.contextLength)"
      )
    }
    guard Self.batchRange.contains(batch) else {
      throw .invalidOption("batch tokens is \(batch), but must be from 1 to 2^40")
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

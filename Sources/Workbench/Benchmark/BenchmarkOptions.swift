import Touchstone

/// What to measure.
package struct BenchmarkOptions: Sendable {
  /// Of each sequence, the end of text included.
  package var tokenCount = 512
  package var sequenceCount = 1
  package var repetitions = 5
  /// Batches before the first that counts.
  package var warmUps = 1
  package var threadCount: Int?
  /// The arithmetic of float32 matrices; nil: as the environment says.
  package var multiplication: FloatMultiplication?
  package var activations = EmbeddingOptions().activations
  /// As in ``EmbeddingOptions/batchTokens``.
  package var batchTokens = EmbeddingOptions().batchTokens
  /// Whether the machine's peaks are measured.
  package var measuresPeaks = true

  package init() {}

  package var totalTokens: Int { tokenCount * sequenceCount }

  func check(contextLength: Int) throws(TouchstoneError) {
    guard (1...contextLength).contains(tokenCount) else {
      throw .invalidOption(
        "\(tokenCount) tokens do not fit: this model's context holds 1 to \(contextLength)")
    }
    for (name, value, least) in [
      ("sequences", sequenceCount, 1), ("repetitions", repetitions, 1), ("warm-ups", warmUps, 0),
    ] {
      guard value >= least else {
        throw .invalidOption("the number of \(name) is \(value), but must be at least \(least)")
      }
    }
    let limit = 1 << 24
    guard sequenceCount <= limit / tokenCount else {
      throw .invalidOption(
        "\(sequenceCount) sequences of \(tokenCount) tokens are more than the \(limit) tokens that are measured at once"
      )
    }
  }
}

import Touchstone

/// What to profile.
package struct ProfileOptions: Sendable {
  package enum Work: Sendable {
    /// Texts that go through the model together.
    case texts([String])
    /// A sequence of so many random token ids, the end of text included.
    case tokens(Int)
  }

  package var work = Work.tokens(128)
  /// Recorded passes.
  package var repetitions = 5
  package var threadCount: Int?
  /// The arithmetic of float32 matrices; nil: as the environment says.
  package var multiplication: FloatMultiplication?
  package var activations = EmbeddingOptions().activations
  package var batchTokens = EmbeddingOptions().batchTokens
  /// Whether the machine's peaks are measured, for the roofline and for most causes of gaps.
  package var measuresRoofs = true
  /// Whether passes with fewer threads and other numbers of tokens are timed.
  package var measuresScaling = false
  /// For tests: a worker that begins each job so much later.
  package var delay: (worker: Int, nanoseconds: Int64)?

  /// The most memory for the recording, in bytes.
  package static let memoryLimit = 1 << 30

  package init() {}

  func check(contextLength: Int) throws(TouchstoneError) {
    guard repetitions >= 1 else {
      throw .invalidOption("the number of repetitions is \(repetitions), but must be at least 1")
    }
    switch work {
    case .tokens(let count) where !(1...contextLength).contains(count):
      throw .invalidOption("\(count) tokens do not fit: this model's context holds 1 to \(contextLength)")
    case .texts(let texts) where texts.isEmpty:
      throw .invalidOption("there is no text to profile; pass at least one")
    default: break
    }
  }
}

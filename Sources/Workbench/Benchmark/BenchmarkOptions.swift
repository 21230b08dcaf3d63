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

/// What a benchmark embeds: the same for the same model and options.
package struct BenchmarkInputs {
  /// Sequences of token ids, the end of text included where the model has one.
  package let sequences: [EmbeddingInput]
  /// Texts of about as many tokens, to time the tokenizer on.
  package let texts: [String]

  package init(tokenCount: Int, sequenceCount: Int, tokenizer: TextTokenizer) {
    var generator = SplitMix64(seed: UInt64(tokenCount), part: UInt64(sequenceCount))
    // Text tokens come first in a vocabulary, special ones after the end of text.
    let limit = max(1, tokenizer.endOfText ?? Int32(clamping: tokenizer.vocabularySize))
    let end = tokenizer.endOfText.map { [$0] } ?? []
    sequences = (0..<sequenceCount).map { _ in
      let ids = (0..<tokenCount - end.count).map { _ in Int32.random(in: 0..<limit, using: &generator) }
      return EmbeddingInput(.tokenIDs(ids + end))
    }

    let lines = MixedText.lines(byteCount: 1 << 16, tokenizer: tokenizer).map { line in
      (line: line, tokenCount: tokenizer.count(line) - end.count + 1)
    }
    var next = 0
    texts = (0..<sequenceCount).map { _ in
      var text = ""
      var count = end.count
      while count < tokenCount {
        text += lines[next % lines.count].line + "\n"
        count += lines[next % lines.count].tokenCount
        next += 1
      }
      return text
    }
  }
}

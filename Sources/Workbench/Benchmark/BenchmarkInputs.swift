import Touchstone

/// What a benchmark embeds: the same for the same model and options.
struct BenchmarkInputs {
  /// Sequences of token ids, the end of text included where the model has one.
  let sequences: [EmbeddingInput]
  /// Texts of about as many tokens, to time the tokenizer on.
  let texts: [String]

  init(tokenCount: Int, sequenceCount: Int, tokenizer: TextTokenizer) {
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

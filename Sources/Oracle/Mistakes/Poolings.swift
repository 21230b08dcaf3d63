extension Mistake {
  /// Which state becomes the vector: the last token's, after the final norm.
  static let poolings: [Mistake] = [
    Mistake(
      id: "pooling-mean", number: 4, aspect: .pooling, title: "pooling is the mean of all tokens",
      explanation: "Most encoder models want mean pooling; this one was trained with the last token.",
      remedy: "set the pooling to last (llama.cpp: --pooling last; GGUF: qwen3.pooling_type = 3)",
      apply: { $0.pooling.position = .mean }),
    Mistake(
      id: "pooling-cls", number: 4, aspect: .pooling, title: "pooling is the first token",
      explanation: "The first token of a causal model sees nothing of the text.",
      remedy: "set the pooling to last (llama.cpp: --pooling last; GGUF: qwen3.pooling_type = 3)",
      apply: { $0.pooling.position = .cls }),
    Mistake(
      id: "pooling-last", number: 4, aspect: .pooling, title: "pooling is the last token",
      explanation: "The file says that this model was trained with another pooling.",
      remedy: "set the pooling that the file names in qwen3.pooling_type (1 is mean, 2 the first token)",
      apply: { $0.pooling.position = .lastToken }),
    Mistake(
      id: "last-index-before-end", number: 5, aspect: .pooling,
      title: "the last token that is not <|endoftext|> is taken",
      explanation:
        "A mask 'id != pad' drops the real end of text, because pad and end of text are one token.",
      remedy: "make the mask from the lengths of the texts, not from ids",
      apply: { $0.pooling.position = .lastBeforeEnd }),
    Mistake(
      id: "pooled-before-norm", number: 8, aspect: .finalNorm,
      title: "the state is taken before the final norm",
      explanation: "The vector is the last hidden state after the final RMSNorm.",
      remedy: "pool the output of the final norm (output_norm), not that of the last layer",
      apply: { $0.pooling.isBeforeFinalNorm = true }),
  ]

  /// Texts padded on the right to `length` tokens, and the last position pooled.
  static func rightPadding(to length: Int) -> Mistake {
    Mistake(
      id: "last-index-padding", number: 5, aspect: .padding,
      title: "texts are padded on the right to \(length) tokens and the state of the padding is taken",
      explanation: "Index −1 is the last token only where padding is on the left.",
      remedy: "pad on the left, or take the index from the attention mask",
      apply: { $0.padding = RightPadding(length: length) })
  }
}

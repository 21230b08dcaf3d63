extension Mistake {
  /// Limits that engines are known to have: sizes of contexts and of batches.
  static let plausibleLimits = [128, 256, 384, 512, 1024, 2048, 4096, 8192, 16384, 32768]

  /// A limit of `count` tokens that cuts without a word.
  static func limit(_ count: Int, _ cut: TokenLimit.Cut) -> Mistake {
    let title =
      switch cut {
      case .keepsEnd: "texts are silently cut to \(count) tokens"
      case .dropsEnd: "texts are silently cut to \(count) tokens, and the end of text is cut off"
      case .endOnTop: "texts are silently cut to \(count) tokens, the end of text on top"
      case .keepsTail: "texts are silently cut to their last \(count) tokens"
      }
    return Mistake(
      id: cut == .dropsEnd ? "truncation-drops-end" : "truncation-silent", number: cut == .dropsEnd ? 17 : 16,
      aspect: .limit, title: title,
      explanation: "The part that was cut off is not in the vector, and no warning says so.",
      remedy:
        "raise the limit (llama.cpp: -c, -b and -ub; TEI: --max-batch-tokens, --auto-truncate false; Ollama: num_ctx)",
      apply: { $0.limit = TokenLimit(count: count, cut: cut) })
  }
}

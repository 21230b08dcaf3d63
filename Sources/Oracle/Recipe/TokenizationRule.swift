/// The decisions of the tokenizer.
package struct TokenizationRule: Hashable, Sendable {
  /// Unicode is composed (NFC) first.
  package var normalizes = true
  /// `<|im_end|>` in a text is one token.
  package var parsesAddedTokens = true
  package var split = SplitRule.qwen2

  package static let reference = TokenizationRule()
  /// For texts that must not hold special tokens.
  static let ofStrangers: TokenizationRule = {
    var rule = TokenizationRule()
    rule.parsesAddedTokens = false
    return rule
  }()
}

/// Where texts are split before merging: the patterns that engines use for one another.
package enum SplitRule: String, Hashable, Sendable, CaseIterable {
  case qwen2
  /// Contractions are found in lower case only.
  case caseSensitive
  /// Up to three digits together, as Llama 3.
  case threeDigits
  /// Combining marks belong to words, as in newer Qwen models.
  case marksInWords
  case gpt2
  /// What llama.cpp does with a file that names no pre-tokenizer.
  case llamaDefault

  /// Alternatives are tried one after the other, at each place.
  package var patterns: [String] {
    let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    let tail = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    return switch self {
    case .qwen2:
      [contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + tail]
    case .caseSensitive:
      [
        #"(?:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + tail
      ]
    case .threeDigits:
      [contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + tail]
    case .marksInWords:
      [
        contractions
          + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + tail
      ]
    case .gpt2: [#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#]
    case .llamaDefault:
      [
        #"[\p{P}\$\+<=>\^~\|]+"#,
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#, #"\p{N}+"#,
        "[0-9][0-9][0-9]",
      ]
    }
  }
}

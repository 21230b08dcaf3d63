extension Mistake {
  /// Text to ids.
  static let tokenizers: [Mistake] = [
    Mistake(
      id: "no-nfc", number: 20, aspect: .normalization, title: "texts are not normalized to NFC",
      explanation: "The model's tokenizer composes Unicode first; llama.cpp does not, by design.",
      remedy: "normalize to NFC before tokenizing; with llama.cpp in the client",
      apply: { $0.tokens.normalizes = false }),
    split(
      "split-gpt2", "texts are split by GPT-2's pattern", .gpt2,
      "write 'qwen2' into tokenizer.ggml.pre, and convert with a recent converter"),
    split(
      "split-three-digits", "digits are split in groups of three", .threeDigits,
      "every digit is a piece of its own: the pattern has \\p{N}, not \\p{N}{1,3}"),
    split(
      "split-marks", "combining marks are taken as letters", .marksInWords,
      "use Qwen3's pattern: \\p{L}+, without \\p{M}"),
    split(
      "split-case-sensitive", "contractions are found in lower case only", .caseSensitive,
      "the pattern begins with (?i:'s|'t|…)"),
    split(
      "split-llama-default", "texts are split by llama.cpp's default pattern", .llamaDefault,
      "the file names no known tokenizer.ggml.pre; write 'qwen2' and convert again"),
    Mistake(
      id: "added-tokens-as-text", number: 21, aspect: .addedTokens,
      title: "special tokens in texts are read as ordinary text",
      explanation:
        "The reference takes <|im_end|> in a text as one token; some services split it on purpose.",
      remedy: "where it is not wanted for safety, tokenize with special tokens parsed",
      apply: { $0.tokens.parsesAddedTokens = false }),
  ]

  private static func split(_ id: String, _ title: String, _ rule: SplitRule, _ remedy: String) -> Mistake {
    Mistake(
      id: id, number: 21, aspect: .split, title: title,
      explanation: "Texts are cut into pieces before merging; another pattern gives other tokens.",
      remedy: remedy, apply: { $0.tokens.split = rule })
  }

  /// Ids instead of a text.
  static let tokenInputs: [Mistake] = [
    Mistake(
      id: "token-ids-without-end", number: 19, aspect: .tokenInput,
      title: "no end-of-text token is added to token-id input",
      explanation: "Ids bypass the tokenizer, which would append the end of text.",
      remedy: "append <|endoftext|> to ids that do not end with it; until then send it",
      apply: { $0.tokenInput = .withoutEnd }),
    Mistake(
      id: "token-ids-retokenized", number: 19, aspect: .tokenInput,
      title: "token-id input is turned into text and tokenized again",
      explanation: "Ids that a tokenizer would not give become other ids.",
      remedy: "run the ids as they come", apply: { $0.tokenInput = .retokenized }),
  ]
}

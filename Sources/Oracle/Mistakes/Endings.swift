extension Mistake {
  /// The token that ends a text: exactly one `<|endoftext|>`.
  static let endings: [Mistake] = [
    Mistake(
      id: "end-of-text-missing", number: 1, aspect: .ending, title: "no end-of-text token is appended",
      explanation: "The model was trained to read the vector at one <|endoftext|> after the text.",
      remedy: "append <|endoftext|> (151643) once; in GGUF files tokenizer.ggml.add_eos_token must be true",
      apply: { $0.ending = .missing }),
    Mistake(
      id: "end-of-text-wrong", number: 2, aspect: .ending,
      title: "<|im_end|> is appended instead of <|endoftext|>",
      explanation: "The tokenizer's eos_token is <|im_end|>, which ends turns of a chat, not texts.",
      remedy: "append id 151643, not the eos_token of the tokenizer's configuration",
      apply: { $0.ending = .endOfTurn }),
    Mistake(
      id: "end-of-text-twice", number: 3, aspect: .ending, title: "the end-of-text token is appended twice",
      explanation: "The tokenizer appends it, and so does the engine or the client.",
      remedy: "append it in one place; do not write it into the text where the tokenizer adds it",
      apply: { $0.ending = .twice }),
    Mistake(
      id: "end-of-text-after-end-of-turn", number: 2, aspect: .ending,
      title: "<|im_end|> is appended in front of <|endoftext|>",
      explanation: "Both tokens are taken for an end.", remedy: "append <|endoftext|> alone",
      apply: { $0.ending = .afterEndOfTurn }),
    Mistake(
      id: "token-in-front", number: nil, aspect: .ending,
      title: "<|endoftext|> is put in front of every text",
      explanation: "The file's bos_token_id is that token, and something adds a beginning of text.",
      remedy: "set tokenizer.ggml.add_bos_token to false", apply: { $0.ending = .alsoInFront }),
  ]
}

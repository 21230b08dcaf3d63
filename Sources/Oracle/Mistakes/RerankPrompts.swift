/// Mistakes of rerankers on the way to the ids. All of them are number 23 of the list.
extension Mistake {
  static let rerankPrompts: [Mistake] = templates + suffixes + rerankInstructions + rerankTokens

  private static let templates: [Mistake] = [
    template(
      "reranker-no-template", "query and document are sent without the prompt, a line each", .joinedByLineEnd,
      "The model answers a question that the prompt asks; without it, its next token means nothing."),
    template(
      "reranker-no-template-space", "query and document are sent without the prompt, a space between them",
      .joinedBySpace, "The model answers a question that the prompt asks."),
    template(
      "reranker-no-template-ends",
      "query and document are sent without the prompt, <|endoftext|> after each", .joinedByEnds,
      "Cross-encoders join pairs in this way, and llama.cpp does too where the file has no template."
    ),
    template(
      "reranker-no-template-direct",
      "query and document are sent without the prompt, with nothing between them", .joinedDirectly,
      "llama.cpp does this where the file has no template and asks for no end of text."),
    template(
      "reranker-no-turns", "the prompt lacks the turns of system, user and assistant", .withoutTurns,
      "The three lines of instruction, query and document are the middle of the prompt, not the whole."),
    template(
      "reranker-no-system", "the prompt lacks the system's turn", .withoutSystem,
      "The system's turn says that the answer is yes or no."),
    template(
      "reranker-line-ends-lost", "the prompt's line ends are spaces", .lineEndsBecomeSpaces,
      "A template that is kept on one line, in a shell or in YAML, loses them."),
    template(
      "reranker-line-ends-spelled", "the prompt's line ends are a backslash and an n", .lineEndsAreSpelled,
      "The template's escapes were never read."),
    template(
      "reranker-blank-lines-lost", "the blank lines after <think> and </think> are missing", .blankLinesGo,
      "The model was trained with two line ends after each."),
    template(
      "reranker-spaces-lost", "there is no space after <Instruct>:, <Query>: and <Document>:", .withoutSpaces,
      "The template has a space there, other than that of the embedding model."),
    template(
      "reranker-pair-swapped", "query and document have changed places", .swapped,
      "Cross-encoders take pairs in either order; this model does not."),
  ]

  private static let suffixes: [Mistake] = [
    suffix(
      "reranker-no-think", "the prompt lacks the empty <think></think> at its end", .withoutThinking,
      "Without it the next token is <think>, and neither yes nor no."),
    suffix(
      "reranker-no-suffix", "the prompt ends with the document", .missing,
      "The assistant's turn must have begun for the next token to be the answer."),
  ]

  private static let rerankInstructions: [Mistake] = [
    instruct(
      "reranker-instruction-fixed", "the instruction that is sent is ignored", .fixed,
      "The service has an instruction of its own.", "let requests carry 'instruction'"),
    instruct(
      "reranker-instruction-empty", "the line <Instruct>: is empty", .empty,
      "Without an instruction the model's default belongs there.",
      "write '\(defaultInstruction)' where a request has none"),
    instruct(
      "reranker-instruction-missing", "the line <Instruct>: is missing", .lineMissing,
      "Without an instruction the model's default belongs there.",
      "write '<Instruct>: \(defaultInstruction)' where a request has none"),
  ]

  private static let rerankTokens: [Mistake] = [
    Mistake(
      id: "reranker-special-tokens", number: 23, aspect: .addedTokens,
      title: "special tokens in queries and documents are read as such",
      explanation: "A document can end its own turn and answer in the model's place.",
      remedy: "tokenize text from strangers without special tokens (llama.cpp: parse_special false)",
      apply: { $0.prompt.parsesSpecialTokens = true }),
    Mistake(
      id: "reranker-end-of-text", number: 23, aspect: .ending,
      title: "<|endoftext|> is appended to the prompt",
      explanation: "The answer is read where the assistant's turn has begun, not after an end of text.",
      remedy: "append nothing; in GGUF files of rerankers tokenizer.ggml.add_eos_token must be false",
      apply: { $0.prompt.appendsEndOfText = true }),
  ]

  private static let defaultInstruction = ProbeSet.task
  private static let templateRemedy =
    "fill in the prompt of the model card, word for word (docs/reference/reranker.md); in GGUF files it is "
    + "tokenizer.chat_template.rerank"

  private static func template(
    _ id: String, _ title: String, _ template: RerankTemplate, _ explanation: String
  ) -> Mistake {
    Mistake(
      id: id, number: 23, aspect: .template, title: title, explanation: explanation, remedy: templateRemedy,
      apply: { $0.prompt.template = template })
  }

  private static func suffix(
    _ id: String, _ title: String, _ suffix: RerankSuffix, _ explanation: String
  ) -> Mistake {
    Mistake(
      id: id, number: 23, aspect: .suffix, title: title, explanation: explanation, remedy: templateRemedy,
      apply: { $0.prompt.suffix = suffix })
  }

  private static func instruct(
    _ id: String, _ title: String, _ instruction: RerankInstruction, _ explanation: String, _ remedy: String
  ) -> Mistake {
    Mistake(
      id: id, number: 23, aspect: .instruction, title: title, explanation: explanation, remedy: remedy,
      apply: { $0.prompt.instruction = instruction })
  }
}

extension Mistake {
  /// The instruction of queries: `Instruct: {task}\nQuery:{query}`, and nothing for documents.
  static let instructions: [Mistake] = [
    instruction(
      "instruction-space", "there is a space after 'Query:'", .spaceAfterColon,
      "The template has no space there: the query's first word becomes another token.",
      "write 'Query:{query}'"),
    instruction(
      "instruction-on-documents", "documents get the query instruction", .onDocuments,
      "Documents are embedded as they are.", "send the instruction with queries only"),
    instruction(
      "instruction-twice", "queries get the instruction twice", .twiceOnQueries,
      "The service puts a prompt in front of a text that the client has already prepared.",
      "let the client or the service write the prompt, not both"),
    instruction(
      "instruction-on-everything", "the service puts the instruction in front of every text", .onEverything,
      "A default prompt is set in the service: documents get it, and queries have it twice.",
      "take the default prompt out of the service's configuration"),
    instruction(
      "instruction-missing", "queries are embedded without their instruction", .missing,
      "Queries without an instruction are found, but worse than the model can.",
      "send 'Instruct: {task}\\nQuery:{query}'"),
    instruction(
      "instruction-line-end", "there is a space instead of the line end before 'Query:'", .spaceForLineEnd,
      "Something joins the two lines of the template.", "write a line feed between task and 'Query:'"),
  ]

  private static func instruction(
    _ id: String, _ title: String, _ use: InstructionUse, _ explanation: String, _ remedy: String
  ) -> Mistake {
    Mistake(
      id: id, number: 12, aspect: .instruction, title: title, explanation: explanation, remedy: remedy,
      apply: { $0.instruction = use })
  }
}

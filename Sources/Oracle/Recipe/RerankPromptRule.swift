/// The decisions on the way from a query and a document to the ids that a reranker reads. The defaults are
/// those of Qwen3-Reranker's model card.
package struct RerankPromptRule: Hashable, Sendable {
  package var template = RerankTemplate.whole
  package var suffix = RerankSuffix.whole
  package var instruction = RerankInstruction.asGiven
  /// What spells a special token in a query, an instruction or a document is one.
  package var parsesSpecialTokens = false
  /// `<|endoftext|>` follows the prompt.
  package var appendsEndOfText = false

  package static let reference = RerankPromptRule()
}

/// What stands around query and document.
package enum RerankTemplate: Hashable, Sendable, CaseIterable {
  /// System turn, user turn with the three lines, the assistant's turn begun.
  case whole
  /// The user's turn and the assistant's alone.
  case withoutSystem
  /// The three lines alone.
  case withoutTurns
  /// No template: query and document, a line each.
  case joinedByLineEnd
  case joinedBySpace
  /// No template: query and document with an end of text after each, or with nothing at all. What llama.cpp
  /// does where the file has no rerank template: the first where it asks for ends of text, the second where
  /// it does not.
  case joinedByEnds
  case joinedDirectly
  /// The template's line ends are spaces.
  case lineEndsBecomeSpaces
  /// They are a backslash and an n.
  case lineEndsAreSpelled
  /// Two line ends in a row are one.
  case blankLinesGo
  /// No space after the colons of the three lines.
  case withoutSpaces
  /// The document stands where the query belongs, and the other way round.
  case swapped
}

/// What follows the document, where the template has turns.
package enum RerankSuffix: Hashable, Sendable, CaseIterable {
  case whole
  /// `<think>` and `</think>` are missing.
  case withoutThinking
  /// The prompt ends with the document.
  case missing
}

/// What becomes of the instruction.
package enum RerankInstruction: Hashable, Sendable, CaseIterable {
  case asGiven
  /// The service has its own, and ignores the one that is sent.
  case fixed
  /// The line is there, and empty.
  case empty
  /// The line is not there.
  case lineMissing
}

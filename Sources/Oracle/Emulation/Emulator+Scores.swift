import Touchstone

/// Pairs of a query and a document, for rerankers.
extension Emulator {
  /// The ids of a prompt, as a recipe makes them.
  func ids(
    ofPair query: String, _ document: String, instruction: String?, _ recipe: Recipe
  ) throws -> [Int32] {
    let rule = recipe.prompt
    let task = rule.instruction == .fixed ? nil : instruction
    let pair = RerankText(
      query: recipe.text(query), document: recipe.text(document),
      task: task ?? RerankModel.defaultInstruction,
      rule)
    var tokens = recipe.tokens
    if !rule.parsesSpecialTokens { tokens.parsesAddedTokens = false }
    let opening = try tokenizer.ids(pair.opening, recipe.tokens)
    let closing = try tokenizer.ids(pair.closing, recipe.tokens)
    var ids = opening
    for (index, body) in pair.bodies.enumerated() {
      ids += try tokenizer.ids(body, tokens)
      if index < pair.bodies.count - 1, rule.template == .joinedByEnds { ids.append(endOfText) }
    }
    let hasEnd = rule.appendsEndOfText || rule.template == .joinedByEnds
    let end = closing + (hasEnd ? [endOfText] : [])
    ids += end
    return recipe.limit.map { $0(ids, endCount: end.count) } ?? ids
  }

  /// The score of a state, as a recipe makes it.
  func score(of state: [Float], _ recipe: Recipe) -> [Float]? {
    rankHead.map { [Float(recipe.score(state, $0))] }
  }

  /// The tokens of a prompt around this document.
  package func promptTokenCount(query: String, document: String) -> Int {
    (try? ids(ofPair: query, document, instruction: nil, .reference).count) ?? 0
  }
}

/// The texts of a prompt: what is the service's own, and what comes from strangers.
private struct RerankText {
  let opening: String
  /// Query and document as one text, or as two that are tokenized on their own.
  let bodies: [String]
  let closing: String

  init(query: String, document: String, task: String, _ rule: RerankPromptRule) {
    let space = rule.template == .withoutSpaces ? "" : " "
    let (query, document) = rule.template == .swapped ? (document, query) : (query, document)
    let instruct: String =
      switch rule.instruction {
      case .asGiven, .fixed: "<Instruct>:\(space)\(task)\n"
      case .empty: "<Instruct>:\(space)\n"
      case .lineMissing: ""
      }
    let lines = { (end: String) in
      instruct.replacing("\n", with: end) + "<Query>:\(space)\(query)\(end)<Document>:\(space)\(document)"
    }
    let opening = RerankPrompt.opening
    let closing: String =
      switch rule.suffix {
      case .whole: RerankPrompt.closing
      case .withoutThinking: "<|im_end|>\n<|im_start|>assistant\n"
      case .missing: ""
      }
    switch rule.template {
    case .whole, .withoutSpaces, .swapped: self.init(opening, [lines("\n")], closing)
    case .withoutSystem: self.init("<|im_start|>user\n", [lines("\n")], closing)
    case .withoutTurns: self.init("", [lines("\n")], "")
    case .joinedByLineEnd: self.init("", ["\(query)\n\(document)"], "")
    case .joinedBySpace: self.init("", ["\(query) \(document)"], "")
    case .joinedByEnds, .joinedDirectly: self.init("", [query, document], "")
    case .lineEndsBecomeSpaces:
      self.init(opening.replacing("\n", with: " "), [lines(" ")], closing.replacing("\n", with: " "))
    case .lineEndsAreSpelled:
      self.init(opening.replacing("\n", with: "\\n"), [lines("\\n")], closing.replacing("\n", with: "\\n"))
    case .blankLinesGo: self.init(opening, [lines("\n")], closing.replacing("\n\n", with: "\n"))
    }
  }

  private init(_ opening: String, _ bodies: [String], _ closing: String) {
    self.opening = opening
    self.bodies = bodies
    self.closing = closing
  }
}

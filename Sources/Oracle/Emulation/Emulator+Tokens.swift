import GGUF

extension Emulator {
  /// The ids that a recipe makes of a probe, everything in front and at the end included.
  package func ids(of probe: Probe, _ recipe: Recipe) throws(OracleError) -> [Int32] {
    do {
      switch probe.content {
      case .document(let text):
        return finished(try tokenizer.ids(recipe.prepared(document: text), recipe.tokens), recipe)
      case .query(let text, let task):
        return finished(try tokenizer.ids(recipe.prepared(query: text, task: task), recipe.tokens), recipe)
      case .pair(let query, let document, let instruction):
        return try ids(ofPair: query, document, instruction: instruction, recipe)
      case .tokenIDs, .byteTokenIDs:
        return try ids(ofTokens: sentIDs(of: probe), recipe)
      }
    } catch let error as OracleError {
      throw error
    } catch {
      throw .model("\(error)")
    }
  }

  /// The ids that are sent for a probe of token ids.
  package func sentIDs(of probe: Probe) throws(OracleError) -> [Int32] {
    switch probe.content {
    case .tokenIDs(let text): return tokenizer.reference.tokenIDs(of: text, endOfText: false)
    case .byteTokenIDs(let text):
      do { return try tokenizer.byteIDs(text) } catch { throw .model("\(error)") }
    case .document, .query, .pair: return []
    }
  }

  private func ids(ofTokens given: [Int32], _ recipe: Recipe) throws -> [Int32] {
    switch recipe.tokenInput {
    case .withEnd: return finished(given, recipe)
    case .withoutEnd: return recipe.limit.map { $0(given, endCount: 0) } ?? given
    case .retokenized:
      let text = recipe.prepared(document: tokenizer.decoded(given))
      return finished(try tokenizer.ids(text, recipe.tokens), recipe)
    }
  }

  /// Appends the end, and cuts.
  private func finished(_ ids: [Int32], _ recipe: Recipe) -> [Int32] {
    let turn = endOfTurn.map { [$0] } ?? []
    let (front, end): ([Int32], [Int32]) =
      switch recipe.ending {
      case .once: ([], [endOfText])
      case .missing: ([], [])
      case .endOfTurn: ([], turn)
      case .twice: ([], [endOfText, endOfText])
      case .afterEndOfTurn: ([], turn + [endOfText])
      case .alsoInFront: ([endOfText], [endOfText])
      }
    let all = front + ids + end
    return recipe.limit.map { $0(all, endCount: end.count) } ?? all
  }
}

extension Recipe {
  func prepared(document: String) -> String {
    switch instruction {
    case .onDocuments, .onEverything: text(Self.prefix() + document)
    default: text(document)
    }
  }

  func prepared(query: String, task: String) -> String {
    let given = "Instruct: \(task)\nQuery:\(query)"
    return switch instruction {
    case .asGiven, .onDocuments: text(given)
    case .spaceAfterColon: text("Instruct: \(task)\nQuery: \(query)")
    case .spaceForLineEnd: text("Instruct: \(task) Query:\(query)")
    case .twiceOnQueries: text(Self.prefix(task: task) + given)
    // The service knows its own task only.
    case .onEverything: text(Self.prefix() + given)
    case .missing: text(query)
    }
  }

  private static func prefix(
    task: String = "Given a web search query, retrieve relevant passages that answer the query"
  ) -> String { "Instruct: \(task)\nQuery:" }
}

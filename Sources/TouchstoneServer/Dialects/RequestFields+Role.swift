import JSON
import Touchstone

extension RequestFields {
  /// The members that say what inputs are for.
  package static let roleNames = ["instruct", "prompt_name", "input_type"]

  /// What the inputs of the request are for: `instruct` is the task itself; `prompt_name` and `input_type` are `query` or
  /// `document`. Without any of them, documents.
  ///
  /// - Parameter queryRole: of queries that name no task.
  package func role(queryRole: EmbeddingRole) throws(ServiceError) -> EmbeddingRole {
    let words: [(word: String, value: Bool)] = [
      ("query", true), ("document", false), ("passage", false), ("search_query", true),
      ("search_document", false),
    ]
    let promptSaysQuery = try choice("prompt_name", words)
    let typeSaysQuery = try choice("input_type", words)
    if let first = promptSaysQuery, let second = typeSaysQuery, first != second {
      throw .invalid(parameter: "input_type", "contradicts prompt_name")
    }
    let saysQuery = promptSaysQuery ?? typeSaysQuery
    if let task = try string("instruct") {
      guard saysQuery != false else {
        throw .invalid(
          parameter: "instruct", "is for queries, but the request says that its inputs are documents")
      }
      return .query(task: task)
    }
    return saysQuery == true ? queryRole : .document
  }

  /// `truncate`: true (the end is cut off), false, or `right`, `left`, `error`. nil where absent.
  package func truncation() throws(ServiceError) -> Truncation? {
    guard let value = self["truncate"] else { return nil }
    switch value {
    case .bool(let isWanted): return isWanted ? .right : .error
    case .string: return try choice("truncate", Truncation.allCases.map { ($0.rawValue, $0) })
    default: throw Self.mismatch("truncate", "true, false, 'right', 'left' or 'error'", value)
    }
  }

  /// A text, or an array of texts, or ids, or an array of arrays of ids, each with the role `role`.
  package func inputs(_ name: String, role: EmbeddingRole) throws(ServiceError) -> [EmbeddingInput] {
    guard let value = self[name] else { throw .invalid(parameter: name, "is missing") }
    switch value {
    case .string(let text): return [EmbeddingInput(text, as: role)]
    case .array(let elements):
      guard let first = elements.first else { throw .invalid(parameter: name, "is empty") }
      if case .number = first { return [EmbeddingInput(.tokenIDs(try ids(name, elements)), as: role)] }
      var inputs: [EmbeddingInput] = []
      inputs.reserveCapacity(elements.count)
      for (index, element) in elements.enumerated() {
        switch element {
        case .string(let text): inputs.append(EmbeddingInput(text, as: role))
        case .array(let numbers):
          inputs.append(EmbeddingInput(.tokenIDs(try ids("\(name)[\(index)]", numbers)), as: role))
        default: throw Self.mismatch("\(name)[\(index)]", "a string or an array of token ids", element)
        }
      }
      return inputs
    default: throw Self.mismatch(name, "a string, an array of strings, or token ids", value)
    }
  }

  private func ids(_ name: String, _ elements: [JSONValue]) throws(ServiceError) -> [Int32] {
    var ids: [Int32] = []
    ids.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .number(let digits) = element, let id = Int32(digits) else {
        throw Self.mismatch("\(name)[\(index)]", "a token id", element)
      }
      ids.append(id)
    }
    return ids
  }
}

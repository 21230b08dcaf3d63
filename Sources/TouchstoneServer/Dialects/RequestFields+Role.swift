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

  /// A text, or an array of texts, or ids, or an array of arrays of ids, each with the role `role`.
  package func inputs(_ name: String, role: EmbeddingRole) throws(ServiceError) -> [EmbeddingInput] {
    let value = try required(name, self[name])
    if let text = text(value) { return [EmbeddingInput(text, as: role)] }
    guard case .array(let elements) = value else {
      throw Self.mismatch(name, "a string, an array of strings, or token ids", value)
    }
    guard let first = elements.first else { throw .invalid(parameter: name, "is empty") }
    if case .number = first { return [EmbeddingInput(.tokenIDs(try Self.tokenIDs(name, value)), as: role)] }
    var inputs: [EmbeddingInput] = []
    inputs.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      let place = "\(name)[\(index)]"
      if let text = text(element) {
        inputs.append(EmbeddingInput(text, as: role))
      } else if case .array = element {
        inputs.append(EmbeddingInput(.tokenIDs(try Self.tokenIDs(place, element)), as: role))
      } else {
        throw Self.mismatch(place, "a string or an array of token ids", element)
      }
    }
    return inputs
  }
}

// MARK: Truncation

extension RequestFields {
  /// `truncate`: true (the end is cut off), false, or `right`, `left`, `error`. nil where absent.
  package func truncation() throws(ServiceError) -> Truncation? {
    guard let value = self["truncate"] else { return nil }
    switch value {
    case .bool(let isWanted): return isWanted ? .right : .error
    case .string: return try choice("truncate", Truncation.allCases.map { ($0.rawValue, $0) })
    default: throw Self.mismatch("truncate", "true, false, 'right', 'left' or 'error'", value)
    }
  }

  /// ``truncation()``, of which `truncation_direction` says the end that `true` cuts off.
  package func directedTruncation() throws(ServiceError) -> Truncation? {
    let direction = try choice(
      "truncation_direction",
      [("right", Truncation.right), ("left", .left), ("Right", .right), ("Left", .left)])
    let truncation = try truncation()
    guard case .bool(true)? = self["truncate"], let direction else { return truncation }
    return direction
  }

  /// The members that ``directedTruncation()`` reads.
  package static let truncationNames = ["truncate", "truncation_direction"]
}

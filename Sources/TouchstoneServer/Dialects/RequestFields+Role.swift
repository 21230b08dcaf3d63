import ForeignText
import JSON
import Touchstone

extension RequestFields {
  /// The members that say what inputs are for.
  package static let roleNames = ["instruct", "prompt_name", "input_type"]

  /// What the inputs of the request are for: `instruct` is the task itself; `prompt_name` and `input_type`
  /// are `query` or `document`, in the words of several services. Without any of them, documents.
  ///
  /// - Parameters:
  ///   - queryRole: of queries that name no task.
  ///   - readsTask: whether `task` is Jina's.
  package func role(queryRole: EmbeddingRole, readsTask: Bool = false) throws(ServiceError) -> EmbeddingRole {
    let words: [(word: String, value: Bool)] = [
      ("query", true), ("document", false), ("passage", false), ("search_query", true),
      ("search_document", false), ("classification", false), ("clustering", false),
    ]
    var sayings: [(name: String, isQuery: Bool)] = []
    for name in ["prompt_name", "input_type"] {
      if let isQuery = try choice(name, words) { sayings.append((name, isQuery)) }
    }
    if readsTask, let isQuery = try choice("task", Self.jinaTasks) { sayings.append(("task", isQuery)) }
    if let first = sayings.first, let other = sayings.first(where: { $0.isQuery != first.isQuery }) {
      throw .invalid(parameter: other.name, "contradicts \(first.name)")
    }
    let saysQuery = sayings.first?.isQuery
    if let task = try string("instruct") {
      guard saysQuery != false else {
        throw .invalid(
          parameter: "instruct", "is for queries, but the request says that its inputs are documents")
      }
      return .query(task: task)
    }
    return saysQuery == true ? queryRole : .document
  }

  /// Jina's `task`: whether it asks for queries.
  private static let jinaTasks: [(word: String, value: Bool)] = [
    ("retrieval.query", true), ("retrieval.passage", false), ("retrieval", false), ("text-matching", false),
    ("classification", false), ("separation", false), ("clustering", false), ("code.query", true),
    ("code.passage", false), ("nl2code.query", true), ("nl2code.passage", false), ("qa.query", true),
    ("qa.passage", false),
  ]

  /// A text, or an array of texts, or ids, or an array of arrays of ids, each with the role `role`. A text
  /// may be in an object, as Jina's clients have it: `{"text":"…"}`.
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
      } else if case .object = element {
        inputs.append(EmbeddingInput(try textOfObject(place, element), as: role))
      } else {
        throw Self.mismatch(place, "a string or an array of token ids", element)
      }
    }
    return inputs
  }

  /// `{"text":"…"}`
  func textOfObject(_ place: String, _ value: JSONValue) throws(ServiceError) -> String {
    try nested(place, value) { object throws(ServiceError) in
      object.reportUnknown(besides: ["text"])
      return try object.required("text", try object.string("text"))
    }
  }
}

import Touchstone

/// Fields that every dialect takes, whether or not the original has them.
extension RequestFields {
  /// What the inputs are for, or nil where the request does not say: `instruct` is a task of the caller's; `prompt_name`
  /// (as in sentence-transformers) and `input_type` (as in Cohere's and Voyage's) name a role.
  package func role() throws(ServiceError) -> EmbeddingRole? {
    var named = try choice("prompt_name", among: ["query": EmbeddingRole.query, "document": .document])
    if named == nil { named = try choice("input_type", among: Self.inputTypes) }
    guard let task = try string("instruct") else { return named }
    guard named != .document else {
      throw invalid("instruct", "is for queries; leave it out, or leave out that the inputs are documents")
    }
    return .instruct(task)
  }

  private static let inputTypes: KeyValuePairs<String, EmbeddingRole> = [
    "query": .query, "search_query": .query, "document": .document, "search_document": .document,
    "passage": .document,
  ]

  /// What happens to inputs that do not fit, or nil where the request does not say.
  package func truncation() throws(ServiceError) -> Truncation? {
    let direction = try choice(
      "truncation_direction",
      among: ["right": Truncation.right, "left": .left, "Right": .right, "Left": .left])
    return switch try bool("truncate") {
    case nil: nil
    case false?: .error
    case true?: direction ?? .right
    }
  }

  /// How many components of each vector are wanted, or nil for all.
  package func dimensions() throws(ServiceError) -> Int? {
    let count = try integer("dimensions")
    if let count, count < 1 { throw invalid("dimensions", "must be at least 1") }
    return count
  }
}

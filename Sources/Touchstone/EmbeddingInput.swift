/// One thing to embed: a text or token ids, and its purpose.
public struct EmbeddingInput: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case text(String)
    /// Ids of the model's own vocabulary. The end of text is appended where the file asks for it and the
    /// ids do not already end with it.
    case tokenIDs([Int32])
  }

  public var content: Content
  public var role: EmbeddingRole

  public init(_ content: Content, as role: EmbeddingRole = .document) {
    self.content = content
    self.role = role
  }

  public init(_ text: String, as role: EmbeddingRole = .document) {
    self.init(.text(text), as: role)
  }
}

extension EmbeddingInput: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

/// The purpose of an input. Queries carry a task instruction in front; documents are embedded as they are.
public enum EmbeddingRole: Sendable, Equatable {
  case document
  /// A query with a task, one sentence in English.
  case query(task: String)

  /// A query with the model card's default task, ``defaultTask``.
  public static var query: EmbeddingRole { .query(task: defaultTask) }

  /// The task that Qwen3-Embedding's model card uses for web search.
  public static let defaultTask =
    "Given a web search query, retrieve relevant passages that answer the query"

  /// The text put in front of the input: `Instruct: {task}\nQuery:` with no space after the colon, or
  /// nothing.
  public var prefix: String {
    switch self {
    case .document: ""
    case .query(let task): "Instruct: \(task)\nQuery:"
    }
  }
}

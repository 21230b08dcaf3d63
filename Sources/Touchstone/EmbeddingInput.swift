/// One thing to embed: a text or token ids, and what it is for.
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

/// What an input is for. Queries carry a task instruction in front; documents are embedded as they are.
public enum EmbeddingRole: Sendable, Equatable {
  case document
  /// A query with the model card's default task, ``defaultTask``.
  case query
  /// A query with a task of the caller's, one sentence in English.
  case instruct(String)

  /// The task that Qwen3-Embedding's model card uses for web search.
  public static let defaultTask =
    "Given a web search query, retrieve relevant passages that answer the query"

  /// The text put in front of the input: `Instruct: {task}\nQuery:` with no space after the colon, or nothing.
  public var prefix: String {
    switch self {
    case .document: ""
    case .query: Self.prefix(task: Self.defaultTask)
    case .instruct(let task): Self.prefix(task: task)
    }
  }

  private static func prefix(task: String) -> String { "Instruct: \(task)\nQuery:" }
}

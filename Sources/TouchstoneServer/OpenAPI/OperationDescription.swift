/// What the description of the service says of one route.
package struct OperationDescription: Sendable, Equatable {
  /// Who speaks like this; the description sorts routes by it.
  package enum Tag: String, CaseIterable, Sendable {
    case openAI = "OpenAI"
    case textEmbeddingsInference = "text-embeddings-inference"
    case ollama = "Ollama"
    case llamaCpp = "llama.cpp"
    case rerank = "Rerank"
    case operations = "Operations"
  }

  package enum Method: String, Sendable {
    case get
    case post
  }

  package enum Content: Sendable, Equatable {
    /// JSON of a schema of ``DescriptionSchemas``.
    case json(String)
    /// JSON of one of several schemas: the fields of the request decide which.
    case jsonOfAny([String])
    /// Text of a media type.
    case text(String)
  }

  package let tag: Tag
  package let method: Method
  /// With parameters in braces: `/v1/models/{id}`.
  package let path: String
  package let summary: String
  package let request: Content?
  package let response: Content
  /// The schemas of its errors, and the statuses that they come with.
  package let errors: ErrorDescription

  package init(
    _ tag: Tag, _ method: Method, _ path: String, _ summary: String, request: Content? = nil,
    response: Content,
    errors: ErrorDescription
  ) {
    self.tag = tag
    self.method = method
    self.path = path
    self.summary = summary
    self.request = request
    self.response = response
    self.errors = errors
  }
}

/// The errors that a route may answer with.
package struct ErrorDescription: Sendable, Equatable {
  /// Schemas of ``DescriptionSchemas``, one for each dialect that shares the path.
  package let schemas: [String]
  package let statuses: [Int]

  package init(_ schemas: [String], _ statuses: [Int]) {
    self.schemas = schemas
    self.statuses = statuses
  }
}

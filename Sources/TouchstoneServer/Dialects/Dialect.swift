/// The protocols that clients speak. A route has one, and where two share a path, the members of a request
/// tell which.
package enum Dialect: String, Sendable, Equatable, CaseIterable {
  case openAI
  case textEmbeddingsInference
  case ollama
  case llamaCpp
  case cohere
  /// The external knowledge of Dify.
  case dify
  /// The Model Context Protocol: JSON-RPC.
  case mcp
  /// Knowledge bases on paths of the service's own.
  case knowledge
  /// The service's own paths: health, metrics, the page.
  case plain

  /// Of a path that is no route: what a client that comes there by mistake probably speaks.
  ///
  /// - Parameter path: a stranger's, of ASCII; slashes more than are needed make no difference, as in the
  ///   router.
  package init(unknownPath path: String) {
    let first = path.utf8.split(separator: UInt8(ascii: "/")).first ?? ""[...].utf8
    func isFirst(_ name: StaticString) -> Bool { name.withUTF8Buffer { first.elementsEqual($0) } }
    if isFirst("api") {
      self = .ollama
    } else if isFirst("v1") || isFirst("openai") || isFirst("engines") {
      self = .openAI
    } else if isFirst("v2") {
      self = .cohere
    } else {
      self = .plain
    }
  }

  /// What a client of this dialect gets to see of an error.
  package func answer(to error: ServiceError) -> Answer {
    switch self {
    case .openAI: OpenAIError.answer(to: error)
    case .textEmbeddingsInference: TEIError.answer(to: error)
    case .ollama: PlainError.answer(to: error, overloaded: .serviceUnavailable)
    case .llamaCpp: LlamaCppError.answer(to: error)
    case .cohere: CohereResponse.answer(to: error)
    case .dify: DifyError.answer(to: error)
    case .mcp: MCPError.answer(to: error)
    case .knowledge, .plain: PlainError.answer(to: error)
    }
  }

  /// The name that the description sorts routes by.
  var title: String {
    switch self {
    case .openAI: "OpenAI"
    case .textEmbeddingsInference: "text-embeddings-inference"
    case .ollama: "Ollama"
    case .llamaCpp: "llama.cpp"
    case .cohere: "Cohere"
    case .dify: "Dify"
    case .mcp: "MCP"
    case .knowledge: "Knowledge"
    case .plain: "Operations"
    }
  }

  /// The schema of its errors.
  var errorSchema: String {
    switch self {
    case .openAI: "OpenAIError"
    case .textEmbeddingsInference: "TEIError"
    case .ollama: "OllamaError"
    case .llamaCpp: "LlamaCppError"
    case .cohere: "CohereError"
    case .dify: "DifyError"
    case .mcp: "MCPError"
    case .knowledge, .plain: "Error"
    }
  }

  /// Statuses of errors that only a request with a body can get.
  var errorStatuses: [Int] {
    switch self {
    case .textEmbeddingsInference: [404, 422, 424]
    case .openAI, .ollama, .llamaCpp, .cohere: [400, 404, 500]
    case .dify, .knowledge: [400, 404, 409, 422, 500]
    case .mcp: [400, 404]
    case .plain: []
    }
  }
}

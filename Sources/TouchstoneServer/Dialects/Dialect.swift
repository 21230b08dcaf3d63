/// The protocols that clients speak. The path of a request tells which, and where two share one, its members do.
package enum Dialect: Sendable, Equatable {
  case openAI
  case textEmbeddingsInference
  case ollama
  case llamaCpp
  /// The service's own paths: health, metrics, the page.
  case plain

  package init(path: String) {
    switch path {
    case "/", "/embed", "/embed_all", "/similarity", "/tokenize", "/decode", "/info":
      self = .textEmbeddingsInference
    case "/embedding", "/embeddings", "/detokenize", "/props": self = .llamaCpp
    case _ where path.hasPrefix("/api/"): self = .ollama
    case _ where path.hasPrefix("/v1/") || SharedRoutes.rerankPaths.contains(path): self = .openAI
    default: self = .plain
    }
  }

  /// What a client of this dialect gets to see of an error.
  package func answer(to error: ServiceError) -> Answer {
    switch self {
    case .openAI: OpenAIError.answer(to: error)
    case .textEmbeddingsInference: TEIError.answer(to: error)
    case .ollama: PlainError.answer(to: error, overloaded: .serviceUnavailable)
    case .llamaCpp: LlamaCppError.answer(to: error)
    case .plain: PlainError.answer(to: error)
    }
  }
}

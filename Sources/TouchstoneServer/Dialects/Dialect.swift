/// The protocols that clients speak. The path of a request tells which, and where two share one, its members do.
package enum Dialect: Sendable, Equatable {
  case openAI
  case textEmbeddingsInference
  case ollama
  case llamaCpp
  /// The service's own paths: health, metrics, the page.
  case plain

  /// - Parameter path: a stranger's; slashes more than are needed make no difference, as in the router.
  package init(path: String) {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    func isOne(of names: [StaticString]) -> Bool {
      guard parts.count < 2, let name = parts.first else { return false }
      return names.contains { word in word.withUTF8Buffer { name.elementsEqual($0) } }
    }
    func begins(with name: StaticString) -> Bool {
      parts.count > 1 && name.withUTF8Buffer { parts[0].elementsEqual($0) }
    }
    if parts.isEmpty || isOne(of: ["embed", "embed_all", "similarity", "tokenize", "decode", "info"]) {
      self = .textEmbeddingsInference
    } else if isOne(of: ["embedding", "embeddings", "detokenize", "props"]) {
      self = .llamaCpp
    } else if begins(with: "api") {
      self = .ollama
    } else if begins(with: "v1") || begins(with: "v2") || isOne(of: ["rerank", "reranking"]) {
      self = .openAI
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
    case .plain: PlainError.answer(to: error)
    }
  }
}

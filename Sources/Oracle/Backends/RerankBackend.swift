import JSON

/// A server that reranks, asked over HTTP.
package struct RerankBackend: Sendable {
  package let dialect: RerankDialect
  package let exchange: HTTPExchange
  package let model: String?

  /// How reports name the other side.
  package var name: String {
    "\(exchange.base) (\(dialect.title)\(model.map { ", model \($0.printable(limit: 80))" } ?? ""))"
  }

  /// The results of one request, in the order of the answer.
  package func results(
    _ query: String, _ documents: [String], instruction: String? = nil
  ) async throws(BackendError) -> [(index: Int?, score: Double)] {
    var bytes: [UInt8] = []
    bytes.append(json: dialect.body(query, documents, instruction: instruction, model: model))
    let reply = try await exchange.send(dialect.path, body: bytes)
    guard reply.isSuccess else { throw reply.failure(path: dialect.path, hasKey: exchange.key != nil) }
    return try dialect.results(try AnswerJSON.parse(reply.body))
  }

  // MARK: Connecting

  /// Finds out how the other side is asked, and makes sure that it answers.
  package static func connect(_ settings: BackendSettings) async throws(BackendError) -> RerankBackend {
    if settings.dialect == .ollama { throw .unreachable("Ollama's dialect has no reranking") }
    let address = try BackendAddress(settings.address)
    let exchange = try settings.exchange(base: address.base)
    var model = settings.model
    if model == nil {
      model = try await RemoteBackend.onlyModel(exchange, "/v1/models", hint: "rerank")
    }
    var seen: [String] = []
    for dialect in candidates(settings.dialect) {
      let backend = RerankBackend(dialect: dialect, exchange: exchange, model: model)
      do {
        guard try await !backend.results("a", ["b"]).isEmpty else { continue }
        return backend
      } catch {
        switch error {
        case .unreachable, .late, .cancelled, .status(401, _), .status(403, _): throw error
        case .status, .malformed: seen.append("\(dialect.title): \(error)")
        }
      }
    }
    throw .malformed("\(exchange.base) does not rerank (\(seen.joined(separator: "; ")))")
  }

  private static func candidates(_ dialect: ServerDialect?) -> [RerankDialect] {
    let documents = ["/v1/rerank", "/rerank", "/v2/rerank"].map { RerankDialect.documents(path: $0) }
    return switch dialect {
    case .textEmbeddingsInference: [.texts]
    case .openAI, .llamaCpp: documents
    case .ollama, nil: Array(documents.prefix(2)) + [.texts, documents[2]]
    }
  }
}

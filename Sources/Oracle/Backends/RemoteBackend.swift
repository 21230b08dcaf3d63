import JSON

/// A server that is asked over HTTP, in one dialect.
package struct RemoteBackend: Backend {
  package let dialect: ServerDialect
  package let exchange: HTTPExchange
  /// The model that requests name, in the dialects where they do.
  package let model: String?

  package init(dialect: ServerDialect, exchange: HTTPExchange, model: String?) {
    self.dialect = dialect
    self.exchange = exchange
    self.model = model
  }

  package var takesTokenIDs: Bool { dialect.takesTokenIDs }
  package var takesDimensions: Bool { dialect.takesDimensions }

  /// How reports name the other side.
  package var name: String {
    "\(exchange.base) (\(dialect.title)\(model.map { ", model \($0.printable(limit: 80))" } ?? ""))"
  }

  package func embed(_ inputs: [BackendInput], dimensions: Int?) async throws(BackendError) -> BackendAnswer {
    try await embed(VectorRequest(inputs, dimensions: dimensions))
  }

  package func embed(_ request: VectorRequest) async throws(BackendError) -> BackendAnswer {
    let reply = try await send(dialect.body(request, model: model))
    guard reply.isSuccess else { throw reply.failure(path: dialect.path, hasKey: exchange.key != nil) }
    var answer = try dialect.answer(try AnswerJSON.parse(reply.body), count: request.inputs.count)
    if dialect == .textEmbeddingsInference { answer.tokenCount = reply.computedTokens.flatMap { Int($0) } }
    return answer
  }

  /// Sends any JSON to where vectors are asked for.
  package func send(_ body: JSONValue) async throws(BackendError) -> HTTPReply {
    var bytes: [UInt8] = []
    bytes.append(json: body)
    return try await exchange.send(dialect.path, body: bytes)
  }
}

import JSON

/// A server that is asked over HTTP, in one dialect.
package struct RemoteBackend: Backend {
  package let dialect: ServerDialect
  package let exchange: HTTPExchange
  /// The model that requests name, in the dialects where they do.
  package let model: String?
  /// Whether a single text is sent as a list of one, since the server takes lists alone.
  package var sendsLists = false

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
    let reply = try await send(dialect.body(request, model: model, asList: sendsLists))
    guard reply.isSuccess else { throw reply.failure(path: dialect.path, hasKey: exchange.key != nil) }
    let value = try AnswerJSON.parse(reply.body)
    var answer: BackendAnswer
    do {
      answer = try dialect.answer(value, count: request.inputs.count)
    } catch {
      // LM Studio, for one, sends errors with status 200.
      guard value["error"] != nil, let message = reply.serverMessage else { throw error }
      throw .status(reply.status, "an error, though the status says success: \(message)")
    }
    if dialect == .textEmbeddingsInference { answer.tokenCount = reply.computedTokens.flatMap { Int($0) } }
    return answer
  }

  /// The same, asked with lists of one where a text alone is refused and a list is not.
  func askingAsItMust() async throws(BackendError) -> RemoteBackend {
    do {
      _ = try await embed([.text("a")], dimensions: nil)
      return self
    } catch {
      if case .cancelled = error { throw error }
      guard case .status(let code, _) = error, [400, 415, 422].contains(code) else { return self }
    }
    var other = self
    other.sendsLists = true
    do {
      _ = try await other.embed([.text("a")], dimensions: nil)
      return other
    } catch {
      if case .cancelled = error { throw error }
      return self
    }
  }

  /// Sends any JSON to where vectors are asked for.
  package func send(_ body: JSONValue) async throws(BackendError) -> HTTPReply {
    var bytes: [UInt8] = []
    bytes.append(json: body)
    return try await exchange.send(dialect.path, body: bytes)
  }
}

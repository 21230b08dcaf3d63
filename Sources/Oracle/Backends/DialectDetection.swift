import JSON

/// What a user says of the other side; what is not said is found out.
package struct BackendSettings: Sendable {
  package var address: String
  package var dialect: ServerDialect?
  package var key: String?
  package var model: String?
  package var timeoutSeconds = 300
  package var trust = CertificateTrust.system

  package init(address: String) { self.address = address }

  func exchange(base: String) throws(BackendError) -> HTTPExchange {
    if let key, !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      throw .unreachable("the API key has white space or characters outside ASCII, which HTTP cannot carry")
    }
    return HTTPExchange(base: base, key: key, timeoutSeconds: timeoutSeconds, trust: trust)
  }
}

extension RemoteBackend {
  /// Finds out how the other side is asked and which model it has, and makes sure that it answers.
  package static func connect(_ settings: BackendSettings) async throws(BackendError) -> RemoteBackend {
    let address = try BackendAddress(settings.address)
    let exchange = try settings.exchange(base: address.base)
    let dialect =
      if let known = settings.dialect ?? address.dialect { known } else { try await detect(exchange) }
    var model = settings.model
    if model == nil, let path = dialect.modelListPath { model = try await onlyModel(exchange, path) }
    return try await RemoteBackend(
      dialect: dialect, exchange: exchange, model: dialect.takesModel ? model : nil
    ).askingAsItMust()
  }

  // MARK: Dialect

  /// Asks for what each kind of server says of itself. The OpenAI dialect first: it can carry most.
  private static func detect(_ exchange: HTTPExchange) async throws(BackendError) -> ServerDialect {
    let signs: [(path: String, dialect: ServerDialect, holds: @Sendable (JSONValue) -> Bool)] = [
      ("/v1/models", .openAI, { if case .array? = $0["data"] { true } else { false } }),
      ("/info", .textEmbeddingsInference, { $0["model_id"] != nil }),
      ("/api/tags", .ollama, { if case .array? = $0["models"] { true } else { false } }),
      ("/props", .llamaCpp, { $0["default_generation_settings"] != nil || $0["model_path"] != nil }),
    ]
    var seen: [String] = []
    // A key may be wanted for some routes only.
    var wantsKey: BackendError?
    for sign in signs {
      let reply = try await exchange.send(sign.path)
      if wantsKey == nil, reply.status == 401 || reply.status == 403 {
        wantsKey = reply.failure(path: sign.path, hasKey: exchange.key != nil)
      }
      if reply.isSuccess, let value = try? AnswerJSON.parse(reply.body), sign.holds(value) {
        return sign.dialect
      }
      seen.append("\(sign.path) gave \(reply.isSuccess ? "something else" : "status \(reply.status)")")
    }
    let bare = RemoteBackend(dialect: .openAI, exchange: exchange, model: nil)
    let reply = try await bare.send(ServerDialect.openAI.body(VectorRequest([.text("a")]), model: nil))
    if [401, 403].contains(reply.status) {
      throw wantsKey ?? reply.failure(path: ServerDialect.openAI.path, hasKey: exchange.key != nil)
    }
    // FastAPI has `detail` for a path that it does not know too, with status 404.
    if let value = try? AnswerJSON.parse(reply.body),
      value["data"] != nil || value["error"] != nil || value["detail"] != nil && reply.status == 422
    {
      return .openAI
    }
    if let wantsKey { throw wantsKey }
    throw .malformed(
      "\(exchange.base) speaks no dialect known here (\(seen.joined(separator: ", "))); name it with --dialect "
        + ServerDialect.allCases.map(\.rawValue).joined(separator: ", "))
  }

  // MARK: Model

  /// The model that a server lists, if it is the only one, or the only one whose name has `hint` in it.
  static func onlyModel(
    _ exchange: HTTPExchange, _ path: String, hint: String = "qwen3-embed"
  ) async throws(BackendError) -> String? {
    let reply = try await exchange.send(path)
    // A server that lists nothing may need no name, and one that lists nothing without a key may embed
    // without.
    guard reply.isSuccess, let value = try? AnswerJSON.parse(reply.body) else { return nil }
    let names = modelNames(value)
    let fitting = names.filter { hasPart($0, hint) }
    if let only = names.count == 1 ? names[0] : fitting.count == 1 ? fitting[0] : nil { return only }
    guard !names.isEmpty else { return nil }
    let some = names.prefix(8).map { $0.printable(limit: 80) }.joined(separator: ", ")
    throw .malformed(
      "the other side has \(names.count) models; name one with --remote-model: \(some)"
        + (names.count > 8 ? ", …" : ""))
  }

  /// Whether a name holds `part`, which is in lower case. By bytes: a stranger's name may be a megabyte of
  /// marks, which Swift compares in quadratic time.
  private static func hasPart(_ name: String, _ part: String) -> Bool {
    let lowered = name.utf8.prefix(1000).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return lowered.indices.contains { lowered[$0...].starts(with: part.utf8) }
  }

  private static func modelNames(_ value: JSONValue) -> [String] {
    guard case .array(let models)? = value["data"] ?? value["models"] else { return [] }
    return models.compactMap { model in
      if case .string(let name)? = model["id"] ?? model["model"] ?? model["name"] { name } else { nil }
    }
  }
}

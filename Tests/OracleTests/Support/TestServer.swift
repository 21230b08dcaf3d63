import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Oracle
import Synchronization

/// A server on 127.0.0.1 in every dialect, that behaves as a test wants.
final class TestServer: Sendable {
  let behaviour: ServedBehaviour
  let engine: EmulatedEngine
  /// Requests for vectors so far, and whether a long text was among them.
  private let past = Mutex((requests: 0, sawLongText: false, hasMetItsFate: false))

  private init(_ behaviour: ServedBehaviour) throws {
    self.behaviour = behaviour
    engine = try EmulatedEngine.shared.get()
  }

  /// Runs `test` with the server's address.
  @discardableResult
  static func run<Value: Sendable>(
    _ behaviour: ServedBehaviour = ServedBehaviour(),
    serving dialects: [ServerDialect] = ServerDialect.allCases,
    _ test: @Sendable (String) async throws -> Value
  ) async throws -> Value {
    let server = try TestServer(behaviour)
    let router = Router()
    for dialect in dialects {
      router.post(RouterPath(dialect.path)) { request, _ in
        let body = try await request.body.collect(upTo: 1 << 24)
        let bytes = Array(body.readableBytesView)
        switch server.fate(of: dialect, bytes) {
        case .status(let status): return Self.failure(status, "an accident")
        // What a handler throws after the head is a closed connection to the client.
        case .closed: return Self.brokenOff
        case .late: try await Task.sleep(for: .seconds(6))
        case nil: break
        }
        return await server.answer(dialect, bytes, key: request.headers[.authorization])
      }
      let (path, about) = server.description(of: dialect)
      router.get(RouterPath(path)) { request, _ in
        if server.has(.keyForModelsOnly) { return Self.failure(401, "no key") }
        return server.refusal(key: request.headers[.authorization]) ?? Self.response(200, about)
      }
    }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    return try await application.test(.live) { client in
      try await test("http://127.0.0.1:\(client.port ?? 0)")
    }
  }

  /// Where a server of this dialect says what it is.
  private func description(of dialect: ServerDialect) -> (path: String, JSONValue) {
    let models = behaviour.models.map(JSONValue.string)
    return switch dialect {
    case .openAI: ("/v1/models", .object([.init("data", .array(models.map { .object([.init("id", $0)]) }))]))
    case .ollama:
      ("/api/tags", .object([.init("models", .array(models.map { .object([.init("name", $0)]) }))]))
    case .textEmbeddingsInference: ("/info", .object([.init("model_id", models[0])]))
    case .llamaCpp: ("/props", .object([.init("model_path", models[0])]))
    }
  }

  func has(_ flaw: ServedBehaviour.Flaw) -> Bool { behaviour.flaws.contains(flaw) }

  /// Counts a request, and says what the ones before it were.
  func notes(longText: Bool) -> (request: Int, afterLongText: Bool) {
    past.withLock { past in
      defer {
        past.requests += 1
        past.sawLongText = past.sawLongText || longText
      }
      return (past.requests, past.sawLongText)
    }
  }

  /// What becomes of a request, where the server treats its kind otherwise.
  private func fate(of dialect: ServerDialect, _ body: [UInt8]) -> ServedBehaviour.Fate? {
    guard let (kind, fate, onlyOnce) = behaviour.fate, Self.kinds(dialect, body).contains(kind) else {
      return nil
    }
    let hasMetIt = past.withLock { past in
      defer { past.hasMetItsFate = true }
      return past.hasMetItsFate
    }
    return onlyOnce && hasMetIt ? nil : fate
  }

  private static func kinds(_ dialect: ServerDialect, _ body: [UInt8]) -> Set<ServedBehaviour.Kind> {
    guard let request = try? JSONParser.parse(body), case .object = request else { return [.brokenJSON] }
    var kinds: Set<ServedBehaviour.Kind> = []
    if case .string("base64")? = request["encoding_format"] { kinds.insert(.base64) }
    if request["dimensions"] != nil { kinds.insert(.dimensions) }
    switch request["input"] ?? request["inputs"] ?? request["content"] {
    case .string("")?: kinds.insert(.emptyText)
    case .string(let text)?: if text.utf8.count > 800 { kinds.insert(.longText) }
    case .array(let elements)?:
      switch elements.first {
      case nil: kinds.insert(.emptyList)
      case .number?, .array?: kinds.insert(.tokenIDs)
      case .string?:
        if elements.contains(where: { if case .object = $0 { true } else { false } }) {
          kinds.insert(.wrongType)
        } else {
          kinds.insert(.list)
        }
      default: kinds.insert(.wrongType)
      }
    case nil: break
    default: kinds.insert(.wrongType)
    }
    return kinds
  }

  /// An answer that is promised and does not come: the connection is closed in its middle.
  private static var brokenOff: Response {
    struct Accident: Error {}
    return Response(
      status: .ok, headers: [.contentLength: "100"],
      body: .init(contentLength: 100) { _ in throw Accident() })
  }

  func refusal(key: String?) -> Response? {
    guard let wanted = behaviour.key, key != "Bearer \(wanted)" else { return nil }
    return Self.failure(401, "no such key")
  }

  static func failure(_ status: Int, _ message: String) -> Response {
    response(status, .object([.init("error", .object([.init("message", .string(message))]))]))
  }

  static func response(
    _ status: Int, _ value: JSONValue, headers: HTTPFields = [:]
  ) -> Response {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    return response(status, bytes, headers: headers)
  }

  static func response(_ status: Int, _ bytes: [UInt8], headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(
      status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

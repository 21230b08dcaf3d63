import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Synchronization
import Testing
import TouchstoneServer

/// Routes and middlewares of operations, in process and before any model is loaded.
@Suite struct OperationsRouteTests {
  private func test(
    keys: [String] = [], origins: [String] = [], clientHeader: String? = nil,
    observer: (any ServiceObserver)? = nil,
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    var source = APIKeySource()
    source.arguments = keys
    var configuration = ServiceConfiguration(models: [])
    configuration.operations.keys = try APIKeyStore(source)
    configuration.operations.origins = try AllowedOrigins(origins)
    configuration.operations.clientHeader = try clientHeader.map { try ClientHeader($0) }
    let service = InferenceService(
      settings: configuration.settings, observer: observer ?? configuration.observers)
    defer { service.scheduler.stop() }
    try await TouchstoneService.application(configuration, service).test(.router, body)
  }

  @Test func everybodyIsServedWithoutKeys() async throws {
    try await test { client in
      try await client.execute(uri: "/status", method: .get) { #expect($0.status == .ok) }
    }
  }

  @Test func aKeyIsNeededAndTakenFromEitherHeader() async throws {
    try await test(keys: ["alpha", "beta"]) { client in
      let bearer = HTTPField.Name.authorization
      let apiKey = try #require(HTTPField.Name("x-api-key"))
      let azure = try #require(HTTPField.Name("api-key"))
      let right: [HTTPFields] = [
        [bearer: "Bearer alpha"], [bearer: "bearer beta"], [apiKey: "beta"], [azure: "alpha"],
      ]
      for headers in right {
        try await client.execute(uri: "/status", method: .get, headers: headers) { #expect($0.status == .ok) }
      }
      let wrong: [HTTPFields] = [
        [:], [bearer: "Bearer"], [bearer: "Bearer alph"], [bearer: "Basic alpha"], [bearer: "alpha"],
        [bearer: "Bearer alpha beta"], [apiKey: ""],
      ]
      for headers in wrong {
        try await client.execute(uri: "/status", method: .get, headers: headers) { response in
          #expect(response.status == .unauthorized, "\(headers)")
          #expect(response.headers[.wwwAuthenticate] == "Bearer")
        }
      }
    }
  }

  @Test func aProxyNamesTheClient() async throws {
    let seen = SeenClients()
    try await test(clientHeader: "x-forwarded-for", observer: seen) { client in
      let header = try #require(HTTPField.Name("x-forwarded-for"))
      for value in [
        "10.0.0.1", "6.6.6.6, 10.0.0.2", " , ", "a\u{E9}\u{301}b", String(repeating: "x", count: 999),
      ] {
        try await client.execute(uri: "/status", method: .get, headers: [header: value]) { _ in }
      }
      var twice = HTTPFields()
      twice.append(HTTPField(name: header, value: "1.1.1.1"))
      twice.append(HTTPField(name: header, value: "10.0.0.3"))
      try await client.execute(uri: "/status", method: .get, headers: twice) { _ in }
    }
    #expect(
      seen.names == ["10.0.0.1", "10.0.0.2", "local", "ab", String(repeating: "x", count: 64), "10.0.0.3"])
    // A key says more than an address.
    let keyed = SeenClients()
    try await test(keys: ["alpha"], clientHeader: "x-forwarded-for", observer: keyed) { client in
      let header = try #require(HTTPField.Name("x-forwarded-for"))
      try await client.execute(
        uri: "/status", method: .get, headers: [header: "10.0.0.1", .authorization: "Bearer alpha"]
      ) { _ in }
    }
    #expect(keyed.names == ["key 1"])
  }

  @Test func refusalsHaveTheDialectsForm() async throws {
    try await test(keys: ["alpha"]) { client in
      try await client.execute(uri: "/v1/embeddings", method: .post, body: ByteBuffer(string: "{}")) {
        response in
        #expect(response.status == .unauthorized)
        let body = try JSONParser.parse(Array(response.body.readableBytesView))
        #expect(body["error"]?["code"] == .string("invalid_api_key"))
      }
      // Even whether a route exists is told to those with a key only.
      try await client.execute(uri: "/nothing", method: .get) { #expect($0.status == .unauthorized) }
    }
  }

  @Test func healthAndThePageNeedNoKey() async throws {
    try await test(keys: ["alpha"]) { client in
      for path in ["/", "/page/page.css", "/page/page.js", "/health"] {
        try await client.execute(uri: path, method: .get) { #expect($0.status == .ok, "\(path)") }
      }
      try await client.execute(uri: "/ready", method: .get) { #expect($0.status == .serviceUnavailable) }
      // Embedding at `/`, as text-embeddings-inference has it.
      try await client.execute(uri: "/", method: .post, body: ByteBuffer(string: #"{"inputs":"a"}"#)) {
        #expect($0.status == .unauthorized)
      }
      for path in ["/metrics", "/status", "/v1/models"] {
        try await client.execute(uri: path, method: .get) { #expect($0.status == .unauthorized, "\(path)") }
      }
    }
  }

  @Test func thePageIsWholeAndKeepsToItself() async throws {
    try await test { client in
      let page = try await client.execute(uri: "/", method: .get) { response in
        let policy = try #require(response.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'; "))
        #expect(!policy.contains("unsafe"))
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        return String(buffer: response.body)
      }
      #expect(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"))
      // Everything that the page and its scripts name is there.
      var names = page.matches(of: /"(\/page\/[a-z.]+)"/).map { String($0.1) }
      #expect(names.count >= 4)
      var seen: Set<String> = []
      while let name = names.popLast() {
        guard seen.insert(name).inserted else { continue }
        let text = try await client.execute(uri: name, method: .get) { response in
          #expect(response.status == .ok, "\(name)")
          #expect(response.headers[.contentSecurityPolicy] != nil)
          return String(buffer: response.body)
        }
        names += text.matches(of: /from "\.\/([a-z.]+)"/).map { "/page/\($0.1)" }
      }
      #expect(seen.count == 28)
    }
  }

  @Test func anUnchangedPageIsNotSentAgain() async throws {
    try await test { client in
      let tag = try await client.execute(uri: "/page/page.css", method: .get) {
        try #require($0.headers[.eTag])
      }
      try await client.execute(uri: "/page/page.css", method: .get, headers: [.ifNoneMatch: tag]) {
        response in
        #expect(response.status == .notModified)
        #expect(response.body.readableBytes == 0)
      }
    }
  }

  @Test func otherOriginsAreNotAnsweredUnlessNamed() async throws {
    let asking: HTTPFields = [.origin: "https://a.example", .accessControlRequestMethod: "POST"]
    try await test { client in
      try await client.execute(uri: "/v1/embeddings", method: .options, headers: asking) { response in
        #expect(response.headers[.accessControlAllowOrigin] == nil)
        #expect(response.status == .methodNotAllowed)
      }
    }
    try await test(keys: ["alpha"], origins: ["https://a.example"]) { client in
      // A browser asks without the key.
      try await client.execute(uri: "/v1/embeddings", method: .options, headers: asking) { response in
        #expect(response.status == .noContent)
        #expect(response.headers[.accessControlAllowOrigin] == "https://a.example")
        #expect(response.headers[.accessControlAllowHeaders]?.contains("authorization") == true)
      }
      // Clients in browsers have headers of their own.
      var wishing = asking
      wishing[.accessControlRequestHeaders] = "authorization,x-stainless-os,x-stainless-retry-count"
      try await client.execute(uri: "/v1/embeddings", method: .options, headers: wishing) { response in
        #expect(
          response.headers[.accessControlAllowHeaders]
            == "authorization,x-stainless-os,x-stainless-retry-count")
      }
      // Errors can be read too.
      try await client.execute(uri: "/v1/models", method: .get, headers: [.origin: "https://a.example"]) {
        response in
        #expect(response.status == .unauthorized)
        #expect(response.headers[.accessControlAllowOrigin] == "https://a.example")
        #expect(response.headers[.vary] == "Origin")
      }
      try await client.execute(uri: "/health", method: .get, headers: [.origin: "https://b.example"]) {
        #expect($0.headers[.accessControlAllowOrigin] == nil)
      }
    }
    try await test(origins: ["*"]) { client in
      try await client.execute(uri: "/health", method: .get, headers: [.origin: "https://b.example"]) {
        #expect($0.headers[.accessControlAllowOrigin] == "*")
      }
    }
  }

  @Test func originsThatNoBrowserSendsAreRefused() throws {
    for origin in [
      "a.example", "https://", "https://a.example/", "https://A.example", "ftp://a.example", "https://*.a",
    ] {
      #expect(throws: OriginError.self, "\(origin)") { try AllowedOrigins([origin]) }
    }
    #expect(try AllowedOrigins(["http://localhost:3000"]) == .some(["http://localhost:3000"]))
  }

  @Test func whatHappenedIsInTheMetrics() async throws {
    try await test { client in
      try await client.execute(uri: "/health", method: .get) { #expect($0.status == .ok) }
      try await client.execute(uri: "/no/such/path", method: .get) { #expect($0.status == .notFound) }
      try await client.execute(uri: "/v1/embeddings", method: .post, body: ByteBuffer(string: "{")) {
        #expect($0.status == .badRequest)
      }
      try await client.execute(uri: "/metrics", method: .get) { response in
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let text = String(buffer: response.body)
        for line in [
          #"touchstone_requests_total{route="/health",dialect="plain",status="200"} 1"#,
          #"touchstone_requests_total{route="unknown",dialect="unknown",status="404"} 1"#,
          #"touchstone_requests_total{route="/v1/embeddings",dialect="openAI",status="400"} 1"#,
          #"touchstone_rejected_total{reason="malformed"} 1"#,
          #"touchstone_rejected_total{reason="unknown_route"} 1"#,
        ] {
          #expect(text.contains(line + "\n"), "\(line)")
        }
      }
    }
  }

  @Test func theStatusOfAServiceThatLoads() async throws {
    try await test { client in
      try await client.execute(uri: "/status", method: .get) { response in
        let status = try JSONParser.parse(Array(response.body.readableBytesView))
        #expect(status["state"] == .string("loading"))
        #expect(status["models"] == .array([]))
        #expect(status["threads"] == .null)
      }
    }
  }
}

/// The clients of the requests, as the log names them.
private final class SeenClients: ServiceObserver {
  private let list = Mutex<[String]>([])

  var names: [String] { list.withLock(\.self) }

  func record(_ event: ServiceEvent) {
    if case .requestFinished(let report) = event { list.withLock { $0.append(report.client) } }
  }
}

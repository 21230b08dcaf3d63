import ExplanationService
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing
import Touchstone
import TouchstoneServer

/// The route and the page of explanations, in process.
struct ExplainRouteTests {
  private static let models: [ServedModel] = {
    do {
      let model = try EmbeddingModel(path: TestData.demo)
      let reranker = try RerankModel(path: TestData.model("rerank-yes-no"))
      return [
        ServedModel(name: "demo", model: .embedding(model), created: 1),
        ServedModel(name: "judge", model: .reranker(reranker), created: 1),
      ]
    } catch { fatalError("\(error)") }
  }()

  private struct Reply {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }
    var error: String { json["error"] as? String ?? "" }
  }

  private func test(
    keys: [String] = [], limits: ExplanationLimits = ExplanationLimits(),
    settings: ServiceSettings = ServiceSettings(), models: [ServedModel]? = models,
    _ body: @escaping @Sendable (any TestClientProtocol, InferenceService) async throws -> Void
  ) async throws {
    var configuration = ServiceConfiguration(models: [])
    configuration.extensions = [ExplanationExtension(limits: limits)]
    if !keys.isEmpty {
      var source = APIKeySource()
      source.arguments = keys
      configuration.operations.keys = try APIKeyStore(source)
    }
    let service = InferenceService(settings: settings)
    if let models { service.registry.provide(models) }
    defer { service.scheduler.stop() }
    try await TouchstoneService.application(configuration, service).test(.router) { client in
      try await body(client, service)
    }
  }

  private func ask(
    _ client: any TestClientProtocol, _ json: String, headers: HTTPFields = [:]
  ) async throws -> Reply {
    try await client.execute(
      uri: "/v1/explain", method: .post, headers: headers, body: ByteBuffer(string: json)
    ) { Reply(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body)) }
  }

  private func get(_ client: any TestClientProtocol, _ path: String) async throws -> Reply {
    try await client.execute(uri: path, method: .get) {
      Reply(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body))
    }
  }

  @Test func aTextIsExplained() async throws {
    try await test { client, _ in
      let reply = try await ask(client, #"{"text":"The file was not found.","markup":true,"piece":1}"#)
      #expect(reply.status == 200, "\(reply.text.prefix(300))")
      #expect(reply.json["model"] as? String == "demo" && reply.json["task"] as? String == "embedding")
      #expect((reply.json["tokens"] as? [Any])?.count == 7)
      #expect((reply.json["merges"] as? [String: Any])?["piece"] as? Int == 1)
      #expect(reply.json["match"] is NSNull)
      let markup = try #require(reply.json["markup"] as? String)
      #expect(markup.contains("<section") && !markup.contains(" style=") && !markup.contains("<script"))
    }
  }

  /// The words' numbers are those of the service's own vectors: exactly where JSON has all digits.
  @Test func aMatchIsExplainedByTheServicesOwnVectors() async throws {
    try await test { client, service in
      let reply = try await ask(
        client,
        #"{"text":"disk full","role":"document","documents":["No space left.","It rains."],"vectors":false}"#)
      #expect(reply.status == 200, "\(reply.text.prefix(300))")
      #expect(reply.json["vectors"] is NSNull)
      let match = try #require(reply.json["match"] as? [String: Any])
      let documents = try #require(match["documents"] as? [[String: Any]])
      #expect(documents.count == 2 && match["comparison"] is [String: Any])
      let words = try #require((documents[0]["document"] as? [String: Any])?["words"] as? [[String: Any]])
      #expect(words.compactMap { $0["text"] as? String } == ["No ", "space ", "left."])
      let request = EmbeddingRequest(inputs: ["disk full", "No space"])
      let answer = try await service.embed(request, for: Caller(client: ClientID("test")))
      let wanted = answer.results[0].similarity(to: answer.results[1])
      #expect(Float(try #require(words[2]["without"] as? Double)) == wanted)
    }
  }

  @Test func aRerankerIsExplained() async throws {
    try await test { client, _ in
      let reply = try await ask(
        client, #"{"model":"judge","text":"disk full","documents":"No space left."}"#)
      #expect(reply.status == 200, "\(reply.text.prefix(300))")
      #expect((reply.json["match"] as? [String: Any])?["measure"] as? String == "logit")
      let alone = try await ask(client, #"{"model":"judge","text":"disk full"}"#)
      #expect(alone.status == 400 && alone.error.contains("there is no document"))
    }
  }

  @Test(arguments: [
    (#"{}"#, "text: is missing"), (#"{"text":1}"#, "text: must be a string, found a number"),
    (#"{"text":"a","documents":["a","b","c"]}"#, "documents: has 3 texts, but at most 2 are compared"),
    (#"{"text":"a","documents":[]}"#, "documents: is empty"),
    (#"{"text":"a","role":"judge"}"#, "role: must be one of 'query', 'document'"),
    (#"{"text":"a","activations":"f64"}"#, "activations: must be one of"),
    (#"{"text":"a","piece":-1}"#, "piece: must be at least 0, found -1"),
    (#"{"text":"a","piece":9}"#, "options: piece is 9, but the text has 1 pieces, counted from 0"),
    (#"[]"#, "the body must be a JSON object"),
  ])
  func wrongRequestsAreRefused(_ body: String, _ sentence: String) async throws {
    try await test { client, _ in
      let reply = try await ask(client, body)
      #expect(reply.status == 400)
      #expect(reply.error.contains(sentence), "\(reply.text)")
    }
  }

  @Test func longTextsAreRefused() async throws {
    var limits = ExplanationLimits()
    limits.tokens = 40
    try await test(limits: limits) { client, _ in
      let long = String(repeating: "word ", count: 60)
      let text = try await ask(client, #"{"text":"\#(long)"}"#)
      #expect(text.status == 400 && text.error.contains("text has"), "\(text.text)")
      #expect(text.error.contains("but the limit is 40"))
      let document = try await ask(client, #"{"text":"a","documents":["b","\#(long)"]}"#)
      #expect(document.status == 400 && document.error.contains("documents[1] has"), "\(document.text)")
      let bytes = try await ask(client, #"{"text":"\#(String(repeating: "x", count: 1_281))"}"#)
      #expect(bytes.status == 400 && bytes.error.contains("has 1281 bytes"), "\(bytes.text)")
    }
  }

  @Test func modelsAreNamed() async throws {
    try await test { client, _ in
      let reply = try await ask(client, #"{"text":"a","model":"other"}"#)
      #expect(reply.status == 404)
    }
    try await test(models: nil) { client, _ in
      let reply = try await ask(client, #"{"text":"a"}"#)
      #expect(reply.status == 503)
    }
  }

  @Test func keysAndOriginsHold() async throws {
    try await test(keys: ["a-key-of-the-test"]) { client, _ in
      let body = #"{"text":"a","vectors":false}"#
      let refused = try await ask(client, body)
      #expect(refused.status == 401)
      let reply = try await ask(client, body, headers: [.authorization: "Bearer a-key-of-the-test"])
      #expect(reply.status == 200)
    }
    try await test { client, _ in
      let name = try #require(HTTPField.Name("Origin"))
      let reply = try await ask(client, #"{"text":"a"}"#, headers: [name: "https://elsewhere.example"])
      #expect(reply.status == 403)
    }
  }

  /// An explanation goes through the queue: it ends with its time, and leaves nothing in it.
  @Test func anExplanationEndsWithItsTime() async throws {
    var settings = ServiceSettings()
    settings.limits.requestTimeout = .milliseconds(1)
    try await test(settings: settings) { client, service in
      let text = String(repeating: "word ", count: 2_000)
      let reply = try await ask(client, #"{"text":"\#(text)"}"#)
      #expect(reply.status == 503 || reply.status == 504 || reply.status == 408, "\(reply.status)")
      #expect(service.scheduler.load.jobs == 0)
    }
  }

  @Test func thePageIsWholeAndKeepsToItself() async throws {
    try await test { client, _ in
      let page = try await get(client, "/explain")
      #expect(page.status == 200)
      #expect(page.headers[.contentType] == "text/html; charset=utf-8")
      #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
      let links = page.text.matches(of: /(?:href|src)="(\/page\/[^"]+)"/).map { String($0.output.1) }
      #expect(links.count == 6)
      for link in links + ["/page/attention.js", "/page/elements.js", "/page/service.js"] {
        let part = try await get(client, link)
        #expect(part.status == 200, "\(link)")
      }
      #expect(!page.text.contains("http://") && !page.text.contains("https://"))
      let status = try await get(client, "/status")
      #expect(status.json["explain"] as? String == "/explain")
      let description = try await get(client, "/openapi.json")
      let paths = try #require(description.json["paths"] as? [String: Any])
      #expect(paths["/v1/explain"] != nil && paths["/explain"] != nil)
    }
  }
}

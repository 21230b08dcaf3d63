import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Knowledge
import KnowledgeService
import NIOCore
import Testing
import Touchstone
import TouchstoneServer

/// A service with a knowledge base in a folder that goes away, the demonstration model and a small reranker.
struct TestKnowledge {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let documents = repository.appending(path: "testdata/knowledge/documents").path

  static let embedder: EmbeddingModel = {
    do {
      return try EmbeddingModel(path: repository.appending(path: "testdata/demo/demo-q4_k_m.gguf").path)
    } catch { fatalError("\(error)") }
  }()
  static let models: [ServedModel] = {
    let path = repository.appending(path: "testdata/models/rerank-yes-no.gguf").path
    guard let reranker = try? RerankModel(path: path) else { fatalError("no reranker at \(path)") }
    return [
      ServedModel(name: "demo", model: .embedding(embedder), created: 1),
      ServedModel(name: "judge", model: .reranker(reranker), created: 1),
    ]
  }()

  /// Runs `body` with a client of the application in process.
  ///
  /// - Parameter folder: where the base is, kept for a second run; nil: one that goes away.
  static func test(
    in folder: String? = nil, keys: [String] = [], limits: KnowledgeLimits = KnowledgeLimits(),
    models: [ServedModel] = models,
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    let temporary = folder ?? Self.folder()
    defer { if folder == nil { try? FileManager.default.removeItem(atPath: temporary) } }
    let knowledge = KnowledgeExtension(
      [try BaseDefinition("papers=\(temporary)/base")], folder: "\(temporary)/data", limits: limits)
    var configuration = ServiceConfiguration(models: [])
    configuration.extensions = [knowledge]
    if !keys.isEmpty {
      var source = APIKeySource()
      source.arguments = keys
      configuration.operations.keys = try APIKeyStore(source)
    }
    let service = InferenceService(settings: ServiceSettings())
    service.registry.provide(models)
    defer { service.scheduler.stop() }
    let application = TouchstoneService.application(configuration, service)
    try knowledge.start(models)
    do {
      try await application.test(.router, body)
    } catch {
      await knowledge.stop()
      throw error
    }
    await knowledge.stop()
  }

  static func folder() -> String {
    let path = NSTemporaryDirectory() + "/knowledge-service-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}

struct Reply {
  let status: Int
  let headers: HTTPFields
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The JSON object of the answer.
  var json: NSDictionary {
    (try? JSONSerialization.jsonObject(with: Data(bytes))) as? NSDictionary ?? [:]
  }
  var list: [NSDictionary] {
    (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [NSDictionary] ?? []
  }

  subscript(header name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

extension TestClientProtocol {
  func ask(
    _ method: HTTPRequest.Method, _ path: String, _ json: String? = nil, bytes: [UInt8]? = nil,
    headers: HTTPFields = [:]
  ) async throws -> Reply {
    let body = bytes ?? json.map { Array($0.utf8) }
    return try await execute(
      uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
    ) { Reply(status: $0.status.code, headers: $0.headers, bytes: Array($0.body.readableBytesView)) }
  }

  func get(_ path: String) async throws -> Reply { try await ask(.get, path) }
  func post(_ path: String, _ json: String) async throws -> Reply { try await ask(.post, path, json) }

  /// Sends a form with files and texts.
  func form(
    _ path: String, files: [(name: String, bytes: [UInt8])], texts: [String: String] = [:]
  ) async throws -> Reply {
    let boundary = "a-boundary-\(files.count)"
    var body: [UInt8] = []
    for (name, text) in texts {
      body += Array(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)\r\n".utf8)
    }
    for file in files {
      body += Array(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\nContent-Type: application/octet-stream\r\n\r\n"
          .utf8)
      body += file.bytes + [0x0D, 0x0A]
    }
    body += Array("--\(boundary)--\r\n".utf8)
    return try await ask(
      .post, path, bytes: body, headers: [.contentType: "multipart/form-data; boundary=\(boundary)"])
  }

  func form(_ path: String, _ name: String, _ text: String) async throws -> Reply {
    try await form(path, files: [(name, Array(text.utf8))])
  }

  /// Uploads a text as a file and gives its id.
  func upload(_ name: String, _ text: String) async throws -> String {
    let reply = try await form("/v1/files", name, text)
    #expect(reply.status == 200, "\(reply.text)")
    return try #require(reply.json["id"] as? String)
  }

  /// Waits until the base has nothing to do.
  func settled(_ base: String = "papers") async throws -> NSDictionary {
    for _ in 0..<3_000 {
      let status = try await get("/v1/knowledge/\(base)/status")
      #expect(status.status == 200, "\(status.text)")
      if status.json["work"] is NSNull { return status.json }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("the base does not come to an end")
    return [:]
  }

  /// Puts the repository's documents into the base.
  func addDocuments() async throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: TestKnowledge.documents).sorted()
    let files = names.map { name in
      (
        name: name,
        bytes: Array(FileManager.default.contents(atPath: "\(TestKnowledge.documents)/\(name)") ?? Data())
      )
    }
    let reply = try await form("/v1/knowledge/papers/documents", files: files)
    #expect(reply.status == 200, "\(reply.text)")
    let status = try await settled()
    #expect(status["documents"] as? Int == names.count)
  }
}

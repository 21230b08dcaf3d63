import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import Touchstone
import TouchstoneServer

/// The service in this process, with the demonstration model.
enum TestService {
  static let demo = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "testdata/demo/demo-q4_k_m.gguf").path

  /// One model for all tests: its bits depend on nothing that ran before.
  static let model: EmbeddingModel = {
    do { return try EmbeddingModel(path: demo) } catch { fatalError("\(error)") }
  }()

  static func make(
    _ settings: ServiceSettings = ServiceSettings(), isReady: Bool = true, models: [ServedModel] = [.demo]
  ) -> InferenceService {
    let service = InferenceService(settings: settings)
    if isReady { service.registry.provide(models) }
    return service
  }

  /// Runs `body` against the application, in process.
  static func test(
    _ settings: ServiceSettings = ServiceSettings(), isReady: Bool = true, models: [ServedModel] = [.demo],
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    let service = make(settings, isReady: isReady, models: models)
    defer { service.scheduler.stop() }
    var configuration = ServiceConfiguration(models: [])
    configuration.settings = settings
    try await TouchstoneService.application(configuration, service).test(.router, body)
  }
}

extension ServedModel {
  static let demo = ServedModel(
    name: "demo", aliases: ["text-embedding-3-small"], model: .embedding(TestService.model), created: 1)
}

extension TestClientProtocol {
  /// The status, headers and parsed body of a JSON request.
  func send(
    _ path: String, _ json: String? = nil, method: HTTPRequest.Method? = nil
  ) async throws -> (status: Int, headers: HTTPFields, body: NSDictionary) {
    try await execute(
      uri: path, method: method ?? (json == nil ? .get : .post), body: json.map { ByteBuffer(string: $0) }
    ) { response in
      let data = Data(response.body.readableBytesView)
      let object = try JSONSerialization.jsonObject(with: data)
      return (response.status.code, response.headers, try #require(object as? NSDictionary))
    }
  }
}

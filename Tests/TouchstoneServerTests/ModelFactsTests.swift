import Foundation
import Testing
import Touchstone
import TouchstoneServer

/// What is told of a model is told of the file that was loaded, and not of what lies at its path now.
@Suite struct ModelFactsTests {
  @Test func aFileThatIsReplacedOrDeletedChangesNoFacts() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "touchstone-facts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.gguf")
    let other = folder.appending(path: "other.gguf")
    try FileManager.default.copyItem(atPath: TestService.demo, toPath: path.path)
    try FileManager.default.copyItem(atPath: TestReranker.path, toPath: other.path)

    let replacement = try ModelInspection(path: other.path)
    let served = ServedModel(name: "demo", model: try AnyModel(path: path.path, threads: 1), created: 1)
    #expect(rename(other.path, path.path) == 0)
    try await Self.expectFacts(of: served, besides: replacement)
    try FileManager.default.removeItem(at: path)
    try await Self.expectFacts(of: served, besides: replacement)
  }

  /// The routes tell the size and the parameters of the demonstration model, and nothing of `other`.
  private static func expectFacts(of served: ServedModel, besides other: ModelInspection) async throws {
    let own = try ModelInspection(path: TestService.demo)
    try #require(own.parameterCount != other.parameterCount && own.byteCount != other.byteCount)
    try await TestService.test(models: [served]) { client in
      let status = try await client.reply("/status").text
      #expect(status.contains("\"parameters\":\(own.parameterCount),"))
      #expect(status.contains("\"weights\":\"\(own.blockFormats[0].name)\""))
      #expect(status.contains("\"weight_bytes\":\(own.byteCount),"))
      for path in ["/api/tags", "/api/ps"] {
        #expect(try await client.reply(path).text.contains("\"size\":\(own.byteCount),"), "\(path)")
      }
      let shown = try await client.reply("/api/show", #"{"model":"demo"}"#)
      #expect(shown.text.contains("\"general.parameter_count\":\(own.parameterCount)"))
      let info = try await client.reply("/info")
      #expect(info.text.contains("\"model_dtype\":\"\(own.blockFormats[0].name)\""))
    }
  }
}

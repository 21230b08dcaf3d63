import Foundation
import Touchstone
import TouchstoneServer

/// A service with the demonstration model and a small reranker behind it.
enum TestReranker {
  static let path = URL(filePath: TestService.demo).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "models/rerank-yes-no.gguf").path

  static let model: RerankModel = {
    do { return try RerankModel(path: path) } catch { fatalError("\(error)") }
  }()

  static let served = ServedModel(name: "reranker", aliases: ["rerank"], model: .reranker(model), created: 2)
}

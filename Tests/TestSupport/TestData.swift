import Foundation

/// The files committed under `testdata/`.
package enum TestData {
  package static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "testdata")

  package static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// One of the small models with random weights: `f32`, `q8_0`, `rerank-yes-no`, …
  package static func model(_ name: String) -> String { path("models/\(name).gguf") }

  package static let demo = path("demo/demo-q4_k_m.gguf")
  package static let vocabulary = path("qwen2-vocab.gguf")
}

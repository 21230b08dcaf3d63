import Foundation
import Touchstone

/// The small models of `testdata/`.
package enum TestModels {
  package static let testdata = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "testdata")

  /// The demonstration model.
  package static let demo = testdata.appending(path: "demo/demo-q4_k_m.gguf").path

  package static func path(_ name: String) -> String { testdata.appending(path: "models/\(name).gguf").path }

  package static func load(_ name: String) throws -> EmbeddingModel {
    try EmbeddingModel(path: path(name), threads: 2)
  }

  package static func options(_ activations: ActivationPrecision) -> EmbeddingOptions {
    var options = EmbeddingOptions()
    options.activations = activations
    return options
  }
}

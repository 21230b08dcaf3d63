import TestSupport
import Touchstone

/// The small models of `testdata/`.
package enum TestModels {
  package static let testdata = TestData.folder

  /// The demonstration model.
  package static let demo = TestData.demo

  package static func path(_ name: String) -> String { TestData.model(name) }

  package static func load(_ name: String) throws -> EmbeddingModel {
    try EmbeddingModel(path: path(name), threads: 2)
  }

  package static func options(_ activations: ActivationPrecision) -> EmbeddingOptions {
    var options = EmbeddingOptions()
    options.activations = activations
    return options
  }
}

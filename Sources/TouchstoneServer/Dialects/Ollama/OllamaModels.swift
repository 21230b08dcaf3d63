import JSON
import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What Ollama tells of its models, as JSON.
package enum OllamaModels {
  /// `/api/tags`: the models there are.
  package static func list(_ models: [ModelFacts]) -> JSONValue {
    .object([.init("models", .array(models.map { .object(common($0) + [modified($0)]) }))])
  }

  /// `/api/ps`: the models in memory, which are all. They stay there until the service ends.
  package static func running(_ models: [ModelFacts]) -> JSONValue {
    .object([
      .init(
        "models",
        .array(
          models.map { facts in
            .object(
              common(facts) + [
                .init("expires_at", .string("9999-12-31T23:59:59Z")), .init("size_vram", .number(0)),
                .init("context_length", .number(facts.configuration.contextLength)),
              ])
          }))
    ])
  }

  /// `/api/show`.
  package static func show(_ facts: ModelFacts) -> JSONValue {
    let configuration = facts.configuration
    let architecture = ModelConfiguration.architecture
    func entry(_ key: String, _ value: Int) -> JSONValue.Member {
      .init("\(architecture).\(key)", .number(value))
    }
    return .object([
      .init("modelfile", .string("")), .init("parameters", .string("")), .init("template", .string("")),
      .init("details", details(facts)),
      .init(
        "model_info",
        .object([
          .init("general.architecture", .string(architecture)),
          .init("general.parameter_count", .number(facts.parameterCount)),
          entry("block_count", configuration.layerCount),
          entry("context_length", configuration.contextLength),
          entry("embedding_length", configuration.hiddenSize),
          entry("feed_forward_length", configuration.feedForwardSize),
          entry("attention.head_count", configuration.headCount),
          entry("attention.head_count_kv", configuration.keyValueHeadCount),
          entry("attention.key_length", configuration.headDimension),
        ])),
      .init("capabilities", .array([.string(facts.task.rawValue)])), modified(facts),
    ])
  }

  /// Ollama's `digest` is the SHA-256 of a manifest; its command line shows the first twelve digits, and
  /// fails without.
  private static func common(_ facts: ModelFacts) -> [JSONValue.Member] {
    [
      .init("name", .string(facts.name)), .init("model", .string(facts.name)),
      .init("size", .number(facts.byteCount)), .init("digest", .string(facts.digest)),
      .init("details", details(facts)),
    ]
  }

  private static func modified(_ facts: ModelFacts) -> JSONValue.Member {
    .init("modified_at", .string(facts.modified.formatted(.iso8601)))
  }

  private static func details(_ facts: ModelFacts) -> JSONValue {
    .object([
      .init("parent_model", .string("")), .init("format", .string("gguf")),
      .init("family", .string(ModelConfiguration.architecture)),
      .init("families", .array([.string(ModelConfiguration.architecture)])),
      .init("parameter_size", .string(facts.parameterSize)),
      .init("quantization_level", .string(facts.blockFormat)),
    ])
  }
}

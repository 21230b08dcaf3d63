import JSON
import Touchstone

/// What text-embeddings-inference's `/info` says of the first model and of the service.
enum TEIInfo {
  static func json(_ facts: ModelFacts, _ model: AnyModel, _ settings: ServiceSettings) -> JSONValue {
    let limits = settings.limits
    let context = facts.configuration.contextLength
    return .object([
      .init("model_id", .string(facts.name)), .init("model_sha", .null),
      .init("model_dtype", .string(facts.blockFormat)),
      .init("model_type", type(facts, settings)),
      .init("max_concurrent_requests", .number(limits.concurrentRequests)),
      .init("max_input_length", .number(min(limits.tokensPerInput ?? context, context))),
      .init("max_batch_tokens", .number(settings.scheduling.longPassTokens)),
      .init("max_batch_requests", .null),
      .init("max_client_batch_size", .number(limits.inputsPerRequest)),
      .init("auto_truncate", .bool(settings.truncation != .error)),
      .init("tokenization_workers", .number(model.threadCount)),
      .init("version", .string(EngineInformation.current.version)), .init("sha", .null),
      .init("docker_label", .null),
    ])
  }

  private static func type(_ facts: ModelFacts, _ settings: ServiceSettings) -> JSONValue {
    switch facts.task {
    case .embedding:
      .object([.init("embedding", .object([.init("pooling", .string(pooling(facts, settings)))]))])
    case .reranking:
      .object([
        .init(
          "reranker",
          .object([
            .init("id2label", .object([.init("0", .string("yes"))])),
            .init("label2id", .object([.init("yes", .number(0))])),
          ]))
      ])
    }
  }

  /// In text-embeddings-inference's words.
  private static func pooling(_ facts: ModelFacts, _ settings: ServiceSettings) -> String {
    switch settings.pooling ?? facts.configuration.pooling ?? .last {
    case .last: "last_token"
    case .mean: "mean"
    case .cls: "cls"
    case .none: "none"
    }
  }
}

import JSON

/// `GET /v1/models`, `GET /v1/models/{id}`.
enum OpenAIModels {
  static func list(_ models: [ServedModel], _ service: InferenceService) -> Answer {
    Answer(
      json: .object([
        .init("object", .string("list")), .init("data", .array(models.map { object($0, service) })),
      ]))
  }

  static func one(_ model: ServedModel, _ service: InferenceService) -> Answer {
    Answer(json: object(model, service))
  }

  private static func object(_ model: ServedModel, _ service: InferenceService) -> JSONValue {
    .object([
      .init("id", .string(model.name)), .init("object", .string("model")),
      .init("created", .number(model.created)), .init("owned_by", .string("touchstone")),
      .init("aliases", .array(model.aliases.map(JSONValue.string))),
      .init("task", .string(model.task.rawValue)),
      .init(
        "dimensions", model.task == .embedding ? .number(model.model.configuration.hiddenSize) : .null),
      .init("context_length", .number(model.model.configuration.contextLength)),
      // vLLM's name, by which evaluations decide what to cut.
      .init("max_model_len", .number(service.longestInput(of: model.model.configuration))),
    ])
  }
}

import JSON

/// `GET /v1/models`, `GET /v1/models/{id}`.
enum OpenAIModels {
  static func list(_ models: [ServedModel]) -> Answer {
    Answer(
      json: .object([
        .init("object", .string("list")), .init("data", .array(models.map(object))),
      ]))
  }

  static func one(_ model: ServedModel) -> Answer { Answer(json: object(model)) }

  private static func object(_ model: ServedModel) -> JSONValue {
    .object([
      .init("id", .string(model.name)), .init("object", .string("model")),
      .init("created", .number(model.created)), .init("owned_by", .string("touchstone")),
      .init("aliases", .array(model.aliases.map(JSONValue.string))),
      .init("task", .string(model.task.rawValue)),
      .init(
        "dimensions", model.task == .embedding ? .number(model.model.configuration.hiddenSize) : .null),
      .init("context_length", .number(model.model.configuration.contextLength)),
    ])
  }
}

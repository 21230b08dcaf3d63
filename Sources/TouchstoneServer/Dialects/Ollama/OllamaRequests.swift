import JSON
import Touchstone

/// What Ollama's clients send. `options` and `keep_alive` are about Ollama's own loading of models; they are
/// checked and have no effect: a model stays loaded, and its context is the file's.
package enum OllamaRequest {
  private static let names =
    ["model", "name", "dimensions", "options", "keep_alive"] + RequestFields.truncationNames
    + RequestFields.roleNames

  /// The body of `/api/embed`. As in Ollama, a text that does not fit is cut unless `truncate` is false.
  package static func embed(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError)
    -> EmbeddingRequest
  {
    let fields = try RequestFields(body, replacesHalves: true)
    fields.reportUnknown(besides: ["input"] + names)
    let role = try fields.role(queryRole: queryRole)
    return try request(fields, try fields.inputs("input", role: role))
  }

  /// The body of `/api/embeddings`, Ollama's older route: one text, and a vector that is not normalized.
  package static func embeddings(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError)
    -> EmbeddingRequest
  {
    let fields = try RequestFields(body, replacesHalves: true)
    fields.reportUnknown(besides: ["prompt"] + names)
    let role = try fields.role(queryRole: queryRole)
    let prompt = try fields.required("prompt", try fields.string("prompt"))
    var request = try request(fields, [EmbeddingInput(prompt, as: role)])
    request.normalization = .none
    return request
  }

  /// The body of `/api/show`.
  ///
  /// - Returns: the name of the model.
  package static func show(_ body: RequestBody) throws(ServiceError) -> String {
    let fields = try RequestFields(body, replacesHalves: true)
    fields.reportUnknown(besides: ["model", "name", "verbose"])
    _ = try fields.bool("verbose")
    return try model(fields)
  }

  private static func request(
    _ fields: RequestFields, _ inputs: [EmbeddingInput]
  ) throws(ServiceError) -> EmbeddingRequest {
    _ = try fields.nested("options") { _ in }
    switch fields["keep_alive"] {
    case nil, .number?, .string?: break
    case let value?:
      throw RequestFields.mismatch("keep_alive", "a number of seconds or a duration like '5m'", value)
    }
    var request = EmbeddingRequest(model: try model(fields), inputs: inputs)
    request.truncation = try truncation(fields)
    request.dimensions = try fields.integer("dimensions")
    return request
  }

  /// `model`, or `name` as older clients have it. Ollama's own default tag may follow.
  private static func model(_ fields: RequestFields) throws(ServiceError) -> String {
    var name = try fields.string("model")
    if name == nil { name = try fields.string("name") }
    let given = try fields.required("model", name)
    guard !given.isEmpty else { throw .invalid(parameter: "model", "is empty") }
    return given
  }

  private static func truncation(_ fields: RequestFields) throws(ServiceError) -> Truncation {
    if let truncation = try fields.directedTruncation() { return truncation }
    let direction = try fields.choice(
      "truncation_direction",
      [("right", Truncation.right), ("left", .left), ("Right", .right), ("Left", .left)])
    return direction ?? .right
  }
}

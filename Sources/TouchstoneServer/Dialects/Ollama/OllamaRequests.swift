import JSON
import Touchstone

// What Ollama's clients send. `options` and `keep_alive` are about Ollama's own loading of models; they are checked and
// have no effect: a model stays loaded, and its context is the file's.
extension RequestFields {
  /// The body of `/api/embed`. As in Ollama, a text that does not fit is cut unless `truncate` is false.
  package func ollamaEmbedRequest() throws(ServiceError) -> EmbeddingRequest {
    try checkOllamaRuntimeFields()
    return EmbeddingRequest(
      model: try ollamaModel(), inputs: try inputs("input"), role: try role(),
      truncation: try ollamaTruncation(), dimensions: try dimensions())
  }

  /// The body of `/api/embeddings`, Ollama's older route: one text, and a vector that is not normalised.
  package func ollamaEmbeddingsRequest() throws(ServiceError) -> EmbeddingRequest {
    try checkOllamaRuntimeFields()
    let prompt = try required("prompt", try string("prompt"))
    return EmbeddingRequest(
      model: try ollamaModel(), inputs: RequestInputs([.text(prompt)], isSingle: true), role: try role(),
      truncation: try ollamaTruncation(), dimensions: try dimensions(), normalization: Normalization.none)
  }

  /// The name of the model: `model`, or `name` as older clients have it.
  package func ollamaModel() throws(ServiceError) -> String {
    if let name = try string("model") { return name }
    return try required("model", try string("name"))
  }

  private func ollamaTruncation() throws(ServiceError) -> Truncation {
    if let given = try truncation() { return given }
    return try string("truncation_direction")?.lowercased() == "left" ? .left : .right
  }

  private func checkOllamaRuntimeFields() throws(ServiceError) {
    _ = try object("options")
    switch self["keep_alive"] {
    case nil, .number?, .string?: break
    case let value?:
      throw mismatch("keep_alive", needed: "a number of seconds or a duration like '5m'", found: value)
    }
  }
}

/// All routes of the service, as they are described.
package enum ServiceOperations {
  package static let all: [OperationDescription] =
    openAI + textEmbeddingsInference + ollama + llamaCpp + rerank + operations

  /// Statuses that any route with a body may answer with.
  private static let bodyStatuses = [401, 408, 413, 429, 503]

  private static let openAIErrors = ErrorDescription(["OpenAIError"], [400, 404, 500] + bodyStatuses)
  private static let teiErrors = ErrorDescription(["TEIError"], [404, 422, 424] + bodyStatuses)
  private static let ollamaErrors = ErrorDescription(["OllamaError"], [400, 404, 500] + bodyStatuses)
  private static let llamaCppErrors = ErrorDescription(["LlamaCppError"], [400, 404, 500] + bodyStatuses)

  /// Of a route without a body.
  private static func reading(_ schema: String, _ more: [Int] = []) -> ErrorDescription {
    ErrorDescription([schema], more + [401, 429, 503])
  }

  private static let openAI = [
    OperationDescription(
      .openAI, .post, "/v1/embeddings", "Texts or token ids to vectors.",
      request: .json("OpenAIEmbeddingsRequest"), response: .json("OpenAIEmbeddingsResponse"),
      errors: openAIErrors),
    OperationDescription(
      .openAI, .get, "/v1/models", "The models that are served.", response: .json("OpenAIModels"),
      errors: reading("OpenAIError")),
    OperationDescription(
      .openAI, .get, "/v1/models/{id}", "One model, by its name, which may contain slashes.",
      response: .json("OpenAIModel"), errors: reading("OpenAIError", [404])),
  ]

  private static let textEmbeddingsInference =
    ["/embed", "/"].map { path in
      OperationDescription(
        .textEmbeddingsInference, .post, path, "Texts or token ids to vectors.",
        request: .json("TEIEmbedRequest"), response: .json("TEIEmbedResponse"), errors: teiErrors)
    } + [
      OperationDescription(
        .textEmbeddingsInference, .post, "/embed_all", "The state of every token.",
        request: .json("TEIEmbedAllRequest"), response: .json("TEIEmbedAllResponse"), errors: teiErrors),
      OperationDescription(
        .textEmbeddingsInference, .post, "/similarity", "The cosines of one sentence with others.",
        request: .json("TEISimilarityRequest"), response: .json("TEISimilarityResponse"), errors: teiErrors),
      OperationDescription(
        .textEmbeddingsInference, .post, "/tokenize",
        "Texts to tokens; llama.cpp's shape where the request has content and not inputs.",
        request: .jsonOfAny(["TEITokenizeRequest", "LlamaCppTokenizeRequest"]),
        response: .jsonOfAny(["TEITokenizeResponse", "LlamaCppTokenizeResponse"]),
        errors: ErrorDescription(["TEIError", "LlamaCppError"], [400, 404, 422, 424, 500] + bodyStatuses)),
      OperationDescription(
        .textEmbeddingsInference, .post, "/decode", "Token ids to texts.", request: .json("TEIDecodeRequest"),
        response: .json("TEIDecodeResponse"), errors: teiErrors),
      OperationDescription(
        .textEmbeddingsInference, .get, "/info", "The first model and the limits of the service.",
        response: .json("TEIInfo"), errors: reading("TEIError", [424])),
    ]

  private static let ollama = [
    OperationDescription(
      .ollama, .post, "/api/embed", "Texts to vectors.", request: .json("OllamaEmbedRequest"),
      response: .json("OllamaEmbedResponse"), errors: ollamaErrors),
    OperationDescription(
      .ollama, .post, "/api/embeddings", "One text to a vector that is not normalised.",
      request: .json("OllamaEmbeddingsRequest"), response: .json("OllamaEmbeddingsResponse"),
      errors: ollamaErrors),
    OperationDescription(
      .ollama, .get, "/api/tags", "The models there are.", response: .json("OllamaModels"),
      errors: reading("OllamaError", [500])),
    OperationDescription(
      .ollama, .get, "/api/ps", "The models in memory: all.", response: .json("OllamaModels"),
      errors: reading("OllamaError", [500])),
    OperationDescription(
      .ollama, .post, "/api/show", "What a model is.", request: .json("OllamaShowRequest"),
      response: .json("OllamaShowResponse"), errors: ollamaErrors),
    OperationDescription(
      .ollama, .get, "/api/version", "The version of this program.", response: .json("OllamaVersion"),
      errors: reading("OllamaError")),
  ]

  private static let llamaCpp =
    ["/embedding", "/embeddings"].map { path in
      OperationDescription(
        .llamaCpp, .post, path, "Texts or token ids to vectors.", request: .json("LlamaCppEmbeddingRequest"),
        response: .json("LlamaCppEmbeddingResponse"), errors: llamaCppErrors)
    } + [
      OperationDescription(
        .llamaCpp, .post, "/detokenize", "Token ids to a text.", request: .json("LlamaCppDetokenizeRequest"),
        response: .json("LlamaCppDetokenizeResponse"), errors: llamaCppErrors),
      OperationDescription(
        .llamaCpp, .get, "/props", "The first model and the limits of the service.",
        response: .json("LlamaCppProps"), errors: reading("LlamaCppError")),
    ]

  private static let rerank = SharedRoutes.rerankPaths.map { path in
    OperationDescription(
      .rerank, .post, path,
      "Documents by how well they answer a query; text-embeddings-inference's shape where the request has texts.",
      request: .json("RerankRequest"), response: .json("RerankResponse"),
      errors: ErrorDescription(["OpenAIError", "TEIError"], [400, 404, 422, 424, 500] + bodyStatuses))
  }

  private static let operations = [
    OperationDescription(
      .operations, .get, "/health", "Whether the process lives.", response: .json("Status"),
      errors: reading("Error")),
    OperationDescription(
      .operations, .get, "/ready", "Whether the models are loaded.", response: .json("Status"),
      errors: reading("Error")),
    OperationDescription(
      .operations, .get, "/", "A page: the state of the service, and a playground.",
      response: .text("text/html"),
      errors: ErrorDescription(["TEIError"], [429])),
    OperationDescription(
      .operations, .get, "/status", "The service at this moment, as the page shows it.",
      response: .json("ServiceStatus"), errors: reading("Error")),
    OperationDescription(
      .operations, .get, "/metrics", "What was counted, for Prometheus.", response: .text("text/plain"),
      errors: reading("Error")),
    OperationDescription(
      .operations, .get, "/openapi.json", "This description.", response: .json("Description"),
      errors: reading("Error")),
  ]
}

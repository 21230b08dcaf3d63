/// OpenAI's API, as far as it is about embeddings, also under the paths that Azure has it.
enum OpenAIRoutes {
  private static let summary = "Texts to vectors; token ids where they are accepted."

  static func add(to routes: Routes) {
    let service = routes.service
    for path in ["/v1/embeddings", "/openai/v1/embeddings"] {
      routes.post(
        path, .openAI, summary, takes: "OpenAIEmbeddingsRequest", gives: "OpenAIEmbeddingsResponse"
      ) { request in try await embed(request, service) }
    }
    for path in ["/openai/deployments/{name}/embeddings", "/engines/{name}/embeddings"] {
      routes.post(
        path, .openAI, "\(summary) The path names the model.", takes: "OpenAIEmbeddingsRequest",
        gives: "OpenAIEmbeddingsResponse"
      ) { request in try await embed(request, service, model: request.parameter("name")) }
    }
    for path in ["/v1/models", "/models", "/openai/v1/models"] {
      routes.get(path, .openAI, "The models that are served.", gives: "OpenAIModels") { _ in
        OpenAIModels.list(try service.registry.all(), service)
      }
    }
    routes.get(
      "/v1/models/**", .openAI, "One model, by its name, which may contain slashes.", gives: "OpenAIModel",
      statuses: [404]
    ) { request in OpenAIModels.one(try service.registry.model(named: request.rest).model, service) }
  }

  /// - Parameter model: the name that the path has.
  static func embed(
    _ request: ServiceRequest, _ service: InferenceService, model: String? = nil
  ) async throws -> Answer {
    let wanted = try OpenAIEmbeddings.request(request.body, settings: service.settings, model: model)
    let answer = try await service.embed(wanted.embedding, for: request.caller)
    return OpenAIEmbeddings.answer(answer, encoding: wanted.encoding)
  }
}

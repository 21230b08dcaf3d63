import JSON
import Touchstone

/// Ollama's API, as far as it is about embeddings and which models there are.
enum OllamaRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    let queryRole = service.settings.queryRole
    routes.post(
      "/api/embed", .ollama, "Texts to vectors.", takes: "OllamaEmbedRequest", gives: "OllamaEmbedResponse"
    ) { request in
      let clock = ContinuousClock()
      let start = clock.now
      let answer = try await embed(
        try OllamaRequest.embed(request.body, queryRole: queryRole), request, service)
      let nanoseconds = Int((clock.now - start) / .nanoseconds(1))
      return Answer(
        bytes: OllamaResponse.embeddings(
          answer.results, model: answer.model, durationNanoseconds: nanoseconds)
      ).reporting(answer)
    }
    routes.post(
      "/api/embeddings", .ollama, and: [.openAI],
      "One text to a vector that is not normalized; OpenAI's shape where the request has input and no prompt.",
      takes: ["OllamaEmbeddingsRequest", "OpenAIEmbeddingsRequest"],
      gives: ["OllamaEmbeddingsResponse", "OpenAIEmbeddingsResponse"],
      speaks: dialect
    ) { request in
      if dialect(of: request.body) == .openAI { return try await OpenAIRoutes.embed(request, service) }
      let answer = try await embed(
        try OllamaRequest.embeddings(request.body, queryRole: queryRole), request, service)
      return Answer(bytes: OllamaResponse.embedding(answer.results[0])).reporting(answer)
    }
    routes.get("/api/tags", .ollama, "The models there are.", gives: "OllamaModels", statuses: [500]) { _ in
      Answer(json: OllamaModels.list(try service.registry.all().map(\.facts)))
    }
    routes.get(
      "/api/ps", .ollama, "The models in memory: all.", gives: "OllamaModels", statuses: [500]
    ) { _ in
      Answer(json: OllamaModels.running(try service.registry.all().map(\.facts)))
    }
    routes.post(
      "/api/show", .ollama, "The facts of a model.", takes: "OllamaShowRequest", gives: "OllamaShowResponse"
    ) { request in
      let name = servedName(try OllamaRequest.show(request.body), service.registry)
      return Answer(json: OllamaModels.show(try service.registry.model(named: name).model.facts))
    }
    routes.get(
      "/api/version", .ollama, "The version of this program.", gives: "OllamaVersion"
    ) { _ in
      Answer(json: .object([.init("version", .string(EngineInformation.current.version))]))
    }
  }

  /// A client of OpenAI's API that was given Ollama's address.
  private static func dialect(of body: RequestBody) -> Dialect? {
    body.json["input"] != nil && body.json["prompt"] == nil ? .openAI : nil
  }

  private static func embed(
    _ wanted: EmbeddingRequest, _ request: ServiceRequest, _ service: InferenceService
  ) async throws -> EmbeddingAnswer {
    var wanted = wanted
    wanted.model = wanted.model.map { servedName($0, service.registry) }
    return try await service.embed(wanted, for: request.caller)
  }

  /// Ollama's clients may write `:latest` after a name that has no tag.
  private static func servedName(_ name: String, _ registry: ModelRegistry) -> String {
    guard let bare = name.droppingSuffix(":latest"), (try? registry.model(named: name)) == nil else {
      return name
    }
    return bare
  }
}

import JSON
import Touchstone

/// Ollama's API, as far as it is about embeddings and which models there are.
enum OllamaRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    let queryRole = service.settings.queryRole
    routes.post("/api/embed") { request in
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
    routes.post("/api/embeddings") { request in
      let answer = try await embed(
        try OllamaRequest.embeddings(request.body, queryRole: queryRole), request, service)
      return Answer(bytes: OllamaResponse.embedding(answer.results[0])).reporting(answer)
    }
    routes.get("/api/tags") { _ in
      Answer(json: OllamaModels.list(try service.registry.all().map(\.facts)))
    }
    routes.get("/api/ps") { _ in
      Answer(json: OllamaModels.running(try service.registry.all().map(\.facts)))
    }
    routes.post("/api/show") { request in
      let name = servedName(try OllamaRequest.show(request.body), service.registry)
      return Answer(json: OllamaModels.show(try service.registry.model(named: name).model.facts))
    }
    routes.get("/api/version") { _ in
      Answer(json: .object([.init("version", .string(EngineInformation.current.version))]))
    }
  }

  private static func embed(
    _ wanted: EmbeddingRequest, _ request: ServiceRequest, _ service: InferenceService
  ) async throws -> EmbeddingAnswer {
    var wanted = wanted
    wanted.model = wanted.model.map { servedName($0, service.registry) }
    let answer = try await service.embed(wanted, for: request.caller)
    request.note(answer)
    return answer
  }

  /// Ollama's clients may write `:latest` after a name that has no tag.
  private static func servedName(_ name: String, _ registry: ModelRegistry) -> String {
    guard let bare = name.droppingSuffix(":latest"), (try? registry.model(named: name)) == nil else {
      return name
    }
    return bare
  }
}

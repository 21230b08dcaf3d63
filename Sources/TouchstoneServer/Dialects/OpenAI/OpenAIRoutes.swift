/// OpenAI's API, as far as it is about embeddings.
enum OpenAIRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    routes.post("/v1/embeddings") { request in
      let wanted = try OpenAIEmbeddings.request(request.body, settings: service.settings)
      let answer = try await service.embed(wanted.embedding, for: request.caller)
      request.note(answer)
      return OpenAIEmbeddings.answer(answer, encoding: wanted.encoding)
    }
    routes.get("/v1/models") { _ in OpenAIModels.list(try service.registry.all()) }
    routes.get("/v1/models/**") { request in
      OpenAIModels.one(try service.registry.model(named: request.rest).model)
    }
  }
}

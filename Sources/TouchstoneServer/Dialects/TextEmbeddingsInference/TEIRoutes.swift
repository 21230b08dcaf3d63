import JSON
import Touchstone

/// The API of text-embeddings-inference. Its `/tokenize` and `/rerank` are in ``SharedRoutes``.
enum TEIRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    let queryRole = service.settings.queryRole
    // The root is what huggingface_hub's client posts to.
    for path in ["/", "/embed"] {
      routes.post(
        path, .textEmbeddingsInference, "Texts or token ids to vectors.", takes: "TEIEmbedRequest",
        gives: "TEIEmbedResponse"
      ) { request in
        let answer = try await service.embed(
          try TEIEmbedRequest.embed(request.body, queryRole: queryRole), for: request.caller)
        return Answer(bytes: TEIResponse.vectors(answer.results)).reporting(answer)
      }
    }
    routes.post(
      "/embed_all", .textEmbeddingsInference, "The state of every token.", takes: "TEIEmbedAllRequest",
      gives: "TEIEmbedAllResponse"
    ) { request in
      let answer = try await service.embed(
        try TEIEmbedRequest.embedAll(request.body, queryRole: queryRole), for: request.caller)
      return Answer(bytes: TEIResponse.tokenStates(answer.results)).reporting(answer)
    }
    routes.post(
      "/similarity", .textEmbeddingsInference, "The cosines of one sentence with others.",
      takes: "TEISimilarityRequest", gives: "TEISimilarityResponse"
    ) { request in
      let answer = try await service.embed(
        try TEIEmbedRequest.similarity(request.body, queryRole: queryRole), for: request.caller)
      return Answer(bytes: TEIResponse.similarities(answer.results)).reporting(answer)
    }
    routes.post(
      "/decode", .textEmbeddingsInference, "Token ids to texts.", takes: "TEIDecodeRequest",
      gives: "TEIDecodeResponse"
    ) { request in
      let wanted = try TEIDecodeRequest(request.body)
      let tokenizer = try service.registry.model(named: wanted.model).model.tokenizer
      return Answer(bytes: TEIResponse.texts(try texts(wanted, tokenizer)))
    }
    routes.get(
      "/info", .textEmbeddingsInference, "The first model and the limits of the service.", gives: "TEIInfo",
      statuses: [424]
    ) { _ in
      let first = try service.registry.model(named: nil).model
      return Answer(json: TEIInfo.json(first.facts, first.model, service.settings))
    }
  }

  /// `/tokenize`.
  static func tokenize(_ request: ServiceRequest, _ service: InferenceService) async throws -> Answer {
    let wanted = try TEITokenizeRequest(request.body, queryRole: service.settings.queryRole)
    let (served, asQuery) = try service.registry.model(named: wanted.model)
    let role = asQuery && wanted.role == .document ? service.settings.queryRole : wanted.role
    var allowance = try TokenAllowance(service.settings.limits, inputs: wanted.texts.count, of: "inputs")
    var tokens: [[TEIToken]] = []
    for text in wanted.texts {
      let own = served.tokenizer.teiTokens(
        of: role.prefix + text, addsSpecialTokens: wanted.addsSpecialTokens)
      try allowance.take(own.count)
      tokens.append(own)
      await Task.yield()
    }
    return Answer(bytes: TEIResponse.tokens(tokens))
  }

  private static func texts(_ wanted: TEIDecodeRequest, _ tokenizer: TextTokenizer) throws(ServiceError)
    -> [String]
  {
    var texts: [String] = []
    for (index, ids) in wanted.ids.enumerated() {
      do { texts.append(try tokenizer.decode(ids, skippingSpecialTokens: wanted.skipsSpecialTokens)) } catch {
        throw .invalid(
          parameter: wanted.ids.count == 1 ? "ids" : "ids[\(index)]",
          "has an id outside of the vocabulary, 0 to \(tokenizer.vocabularySize - 1)")
      }
    }
    return texts
  }
}

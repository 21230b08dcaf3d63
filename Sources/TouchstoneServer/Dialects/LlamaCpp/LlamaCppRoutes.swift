import JSON
import Touchstone

/// The API of llama.cpp's server, as far as it is about embeddings. Its `/tokenize` and `/rerank` are in
/// ``SharedRoutes``.
enum LlamaCppRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    for path in ["/embedding", "/embeddings"] {
      routes.post(
        path, .llamaCpp, and: [.openAI],
        "Texts or token ids to vectors; OpenAI's shape where the request has encoding_format.",
        takes: ["LlamaCppEmbeddingRequest", "OpenAIEmbeddingsRequest"],
        gives: ["LlamaCppEmbeddingResponse", "OpenAIEmbeddingsResponse"],
        speaks: dialect
      ) { request in
        if dialect(of: request.body) == .openAI { return try await OpenAIRoutes.embed(request, service) }
        let wanted = try LlamaCppEmbeddingRequest(request.body, queryRole: service.settings.queryRole)
        let answer = try await service.embed(wanted.embedding, for: request.caller)
        return Answer(bytes: LlamaCppResponse.embeddings(answer.results, wanted.normalization))
          .reporting(answer)
      }
    }
    routes.post(
      "/detokenize", .llamaCpp, "Token ids to a text.", takes: "LlamaCppDetokenizeRequest",
      gives: "LlamaCppDetokenizeResponse"
    ) { request in
      let wanted = try LlamaCppDetokenizeRequest(request.body)
      let tokenizer = try service.registry.model(named: wanted.model).model.tokenizer
      do {
        return Answer(bytes: LlamaCppResponse.text(try tokenizer.decode(wanted.ids)))
      } catch {
        throw ServiceError.invalid(
          parameter: "tokens", "has an id outside of the vocabulary, 0 to \(tokenizer.vocabularySize - 1)")
      }
    }
    routes.get(
      "/props", .llamaCpp, "The first model and the limits of the service.", gives: "LlamaCppProps"
    ) { _ in
      Answer(json: props(try service.registry.model(named: nil).model, service.settings))
    }
  }

  /// A client of OpenAI's API whose base URL has no `/v1`: llama.cpp's shape has no encoding.
  private static func dialect(of body: RequestBody) -> Dialect? {
    body.json["encoding_format"] != nil ? .openAI : nil
  }

  /// `/tokenize`.
  static func tokenize(_ request: ServiceRequest, _ service: InferenceService) throws -> Answer {
    let wanted = try LlamaCppTokenizeRequest(request.body)
    let tokenizer = try service.registry.model(named: wanted.model).model.tokenizer
    let ids = tokenizer.tokens(
      of: wanted.text, addsConfiguredTokens: wanted.addsSpecialTokens,
      readsSpecialTokens: wanted.readsSpecialTokens
    ).map(\.id)
    var allowance = try TokenAllowance(service.settings.limits)
    try allowance.take(ids.count)
    guard wanted.withPieces else { return Answer(bytes: LlamaCppResponse.tokens(ids)) }
    return Answer(
      bytes: LlamaCppResponse.pieces(ids.map { (id: $0, bytes: tokenizer.pieceBytes($0) ?? []) }))
  }

  private static func props(_ served: ServedModel, _ settings: ServiceSettings) -> JSONValue {
    let tokenizer = served.model.tokenizer
    let context = served.model.configuration.contextLength
    let end = tokenizer.endOfText.flatMap(tokenizer.pieceBytes).map { String(decoding: $0, as: UTF8.self) }
    return .object([
      .init(
        "default_generation_settings",
        .object([.init("n_ctx", .number(min(settings.limits.tokensPerInput ?? context, context)))])),
      .init("total_slots", .number(settings.limits.concurrentRequests)),
      .init("model_alias", .string(served.name)), .init("model_path", .string(served.model.path)),
      .init(
        "modalities",
        .object([.init("vision", .bool(false)), .init("video", .bool(false)), .init("audio", .bool(false))])),
      .init("chat_template", .string("")), .init("bos_token", .string("")),
      .init("eos_token", .string(end ?? "")),
      .init("build_info", .string("touchstone \(EngineInformation.current.version)")),
      .init("is_sleeping", .bool(false)),
    ])
  }
}

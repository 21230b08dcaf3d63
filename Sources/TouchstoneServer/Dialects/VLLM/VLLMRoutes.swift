import JSON
import Touchstone

/// What vLLM has beside OpenAI's API. Its `/tokenize` is in ``SharedRoutes``.
enum VLLMRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    for path in ["/score", "/v1/score"] {
      routes.post(
        path, .openAI, "Pairs of texts to scores: of a reranker, or cosines of vectors.",
        takes: "VLLMScoreRequest", gives: "VLLMScoreResponse"
      ) { request in
        let answer = try await service.score(try VLLMScoreRequest.score(request.body), for: request.caller)
        return Answer(json: scores(answer)).reporting(answer)
      }
    }
    routes.post(
      "/pooling", .openAI, "Texts to vectors, or with task token_embed to a vector a token.",
      takes: "VLLMPoolingRequest", gives: "VLLMPoolingResponse"
    ) { request in
      let wanted = try VLLMPoolingRequest(request.body, settings: service.settings)
      let answer = try await service.embed(wanted.request.embedding, for: request.caller)
      return OpenAIEmbeddings.answer(
        answer, encoding: wanted.request.encoding, isPooling: true, hasTokenVectors: wanted.hasTokenVectors)
    }
  }

  private static func scores(_ answer: ScoreAnswer) -> JSONValue {
    let data = answer.results.enumerated().map { index, result in
      JSONValue.object([
        .init("index", .number(index)), .init("object", .string("score")),
        .init("score", .number(result.score)),
      ])
    }
    return .object([
      .init("object", .string("list")), .init("model", .string(answer.model)), .init("data", .array(data)),
      .init(
        "usage",
        .object([
          .init("prompt_tokens", .number(answer.tokensUsed)),
          .init("total_tokens", .number(answer.tokensUsed)),
          .init("given_tokens", .number(answer.tokensGiven)),
        ])),
    ])
  }

  /// `/tokenize`.
  static func tokenize(_ request: ServiceRequest, _ service: InferenceService) throws -> Answer {
    let wanted = try VLLMTokenizeRequest(request.body)
    let served = try service.registry.model(named: wanted.model).model
    let tokenizer = served.tokenizer
    let ids = tokenizer.tokens(of: wanted.prompt, addsConfiguredTokens: wanted.addsSpecialTokens).map(\.id)
    var allowance = try TokenAllowance(service.settings.limits)
    try allowance.take(ids.count)
    let strings = ids.map {
      JSONValue.string(String(decoding: tokenizer.pieceBytes($0) ?? [], as: UTF8.self))
    }
    return Answer(
      json: .object([
        .init("count", .number(ids.count)),
        .init("max_model_len", .number(service.longestInput(of: served.model.configuration))),
        .init("tokens", .array(ids.map { .number(Int($0)) })),
        .init("token_strs", wanted.withStrings ? .array(strings) : .null),
      ]))
  }
}

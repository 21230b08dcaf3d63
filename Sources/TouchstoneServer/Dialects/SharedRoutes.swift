import JSON

/// Paths on which dialects meet. The members of a request tell which is spoken, and errors are in the same.
enum SharedRoutes {
  /// Where Jina, Cohere, vLLM, llama.cpp and text-embeddings-inference have it.
  private static let rerankPaths = ["/rerank", "/reranking", "/v1/rerank", "/v1/reranking", "/v2/rerank"]

  static func add(to routes: Routes) {
    let service = routes.service
    routes.post(
      "/tokenize", .textEmbeddingsInference, and: [.llamaCpp, .openAI],
      "Texts to tokens; llama.cpp's shape where the request has content, vLLM's where it has prompt.",
      takes: ["TEITokenizeRequest", "LlamaCppTokenizeRequest", "VLLMTokenizeRequest"],
      gives: ["TEITokenizeResponse", "LlamaCppTokenizeResponse", "VLLMTokenizeResponse"],
      speaks: tokenizeDialect
    ) { request in
      switch tokenizeDialect(request.body) {
      case .llamaCpp: try LlamaCppRoutes.tokenize(request, service)
      case .openAI: try VLLMRoutes.tokenize(request, service)
      default: try await TEIRoutes.tokenize(request, service)
      }
    }
    for path in rerankPaths {
      routes.post(
        path, .openAI, and: [.textEmbeddingsInference],
        "Documents by how well they answer a query; text-embeddings-inference's shape where the request has texts.",
        takes: "RerankRequest", gives: "RerankResponse",
        speaks: rerankDialect
      ) { request in try await RerankRoutes.rerank(request, service) }
    }
  }

  private static func rerankDialect(_ body: RequestBody) -> Dialect? {
    RerankBody.shape(body) == .textEmbeddingsInference ? .textEmbeddingsInference : nil
  }

  /// - Parameter body: of `/tokenize`.
  private static func tokenizeDialect(_ body: RequestBody) -> Dialect {
    if body.json["inputs"] != nil { return .textEmbeddingsInference }
    if body.json["content"] != nil { return .llamaCpp }
    return body.json["prompt"] != nil ? .openAI : .textEmbeddingsInference
  }
}

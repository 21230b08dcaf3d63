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
      gives: ["TEITokenizeResponse", "LlamaCppTokenizeResponse", "VLLMTokenizeResponse"]
    ) { request in
      let body = request.body.json
      if body["inputs"] != nil { return try await TEIRoutes.tokenize(request, service) }
      if body["content"] != nil {
        request.speak(.llamaCpp)
        return try LlamaCppRoutes.tokenize(request, service)
      }
      if body["prompt"] != nil {
        request.speak(.openAI)
        return try VLLMRoutes.tokenize(request, service)
      }
      return try await TEIRoutes.tokenize(request, service)
    }
    for path in rerankPaths {
      routes.post(
        path, .openAI, and: [.textEmbeddingsInference],
        "Documents by how well they answer a query; text-embeddings-inference's shape where the request has texts.",
        takes: "RerankRequest", gives: "RerankResponse"
      ) { request in
        if RerankBody.shape(request.body) == .textEmbeddingsInference {
          request.speak(.textEmbeddingsInference)
        }
        return try await RerankRoutes.rerank(request, service)
      }
    }
  }
}

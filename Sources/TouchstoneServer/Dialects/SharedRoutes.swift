import JSON

/// Paths on which two dialects meet. The members of a request tell which is spoken, and errors are in the same.
enum SharedRoutes {
  /// Where Jina, Cohere, vLLM, llama.cpp and text-embeddings-inference have it.
  static let rerankPaths = ["/rerank", "/reranking", "/v1/rerank", "/v1/reranking", "/v2/rerank"]

  static func add(to routes: Routes) {
    let service = routes.service
    routes.post("/tokenize") { request in
      // text-embeddings-inference has `inputs`, llama.cpp `content`.
      guard request.body.json["content"] != nil, request.body.json["inputs"] == nil else {
        return try await TEIRoutes.tokenize(request, service)
      }
      request.speak(.llamaCpp)
      return try LlamaCppRoutes.tokenize(request, service)
    }
    for path in rerankPaths {
      routes.post(path) { request in
        // text-embeddings-inference has `texts`, all the others `documents`.
        if RerankBody.shape(request.body) == .textEmbeddingsInference {
          request.speak(.textEmbeddingsInference)
        }
        return try await RerankRoutes.rerank(request, service)
      }
    }
  }
}

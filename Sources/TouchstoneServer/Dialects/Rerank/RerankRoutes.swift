/// Reranking, in the shape of Jina, Cohere, vLLM and llama.cpp or in that of text-embeddings-inference.
enum RerankRoutes {
  /// Refuses: the service serves embedding models.
  static func rerank(_ request: ServiceRequest, _ service: EmbeddingService) async throws -> Answer {
    let wanted = try RerankRequest(request.body)
    let (served, _) = try service.registry.model(named: wanted.model)
    throw ServiceError.wrongModel(
      "'\(served.name)' is an embedding model, and reranking needs a reranker; compare vectors instead")
  }
}

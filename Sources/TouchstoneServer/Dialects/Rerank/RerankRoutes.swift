import Touchstone

/// Reranking, in the shape of Jina, Cohere, vLLM and llama.cpp or in that of text-embeddings-inference.
enum RerankRoutes {
  static func rerank(_ request: ServiceRequest, _ service: InferenceService) async throws -> Answer {
    let body = try RerankBody(request.body)
    let answer = try await service.rerank(body.request, for: request.caller)
    request.note(answer)
    let ranked = body.ranked(answer.results)
    let bytes =
      switch body.shape {
      case .documents:
        RerankResponse.results(
          ranked, model: answer.model, tokenCount: answer.tokensUsed, inputTokenCount: answer.tokensGiven)
      case .textEmbeddingsInference: TEIResponse.ranks(ranked)
      }
    return Answer(bytes: bytes).reporting(answer)
  }
}

extension RerankBody {
  /// The best of the documents, as the request wants to see them.
  func ranked(_ scores: [RerankScore]) -> [RankedDocument] {
    scores.bestFirst().prefix(limit ?? scores.count).map { score in
      RankedDocument(
        index: score.index, score: rawScores ? score.logitDifference : score.score,
        text: returnsDocuments ? request.documents[score.index] : nil, isTruncated: score.isTruncated)
    }
  }
}

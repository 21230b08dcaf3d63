import JSON
import Touchstone

/// A document's place in an answer.
package struct RankedDocument: Equatable, Sendable {
  package let index: Int
  package let score: Double
  /// The document, where the client wants it back.
  package let text: String?
  /// Whether the model has not read all of it.
  package let isTruncated: Bool

  package init(index: Int, score: Double, text: String?, isTruncated: Bool = false) {
    self.index = index
    self.score = score
    self.text = text
    self.isTruncated = isTruncated
  }
}

/// The answer in the shape of Jina, Cohere, vLLM and llama.cpp: best first.
package enum RerankResponse {
  /// - Parameters:
  ///   - tokenCount: the tokens that went through the model.
  ///   - inputTokenCount: the tokens before truncation.
  package static func results(
    _ documents: [RankedDocument], model: String, tokenCount: Int, inputTokenCount: Int
  ) -> [UInt8] {
    let results = documents.map { document in
      var members: [JSONValue.Member] = [
        .init("index", .number(document.index)), .init("relevance_score", .number(document.score)),
      ]
      if let text = document.text {
        members.append(.init("document", .object([.init("text", .string(text))])))
      }
      if document.isTruncated { members.append(.init("truncated", .bool(true))) }
      return JSONValue.object(members)
    }
    return [UInt8](
      json: .object([
        .init("model", .string(model)), .init("object", .string("list")),
        .init(
          "usage",
          .object([
            .init("prompt_tokens", .number(tokenCount)), .init("total_tokens", .number(tokenCount)),
            .init("input_tokens", .number(inputTokenCount)),
          ])),
        .init("results", .array(results)),
      ]))
  }
}

/// Reranking, in the shape of Jina, Cohere, vLLM and llama.cpp or in that of text-embeddings-inference.
enum RerankRoutes {
  static func rerank(_ request: ServiceRequest, _ service: InferenceService) async throws -> Answer {
    let body = try RerankBody(request.body)
    let answer = try await service.rerank(body.request, for: request.caller)
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

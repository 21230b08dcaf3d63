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

import JSON
import Touchstone

/// What a client asks to be ranked, in the shape of Jina, Cohere, vLLM and llama.cpp or in that of
/// text-embeddings-inference.
package struct RerankBody: Equatable, Sendable {
  package enum Shape: Equatable, Sendable {
    /// `documents` in, `results` with `relevance_score` out.
    case documents
    /// `texts` in, an array with `score` out.
    case textEmbeddingsInference
  }

  package var request: RerankRequest
  package var shape: Shape
  /// How many of the best are returned; nil: all.
  package var limit: Int?
  package var returnsDocuments: Bool
  /// Whether scores are the difference of the logits and not the probability.
  package var rawScores: Bool

  /// Which shape a body has: `texts` is text-embeddings-inference's.
  package static func shape(_ body: RequestBody) -> Shape {
    body.json["texts"] != nil && body.json["documents"] == nil ? .textEmbeddingsInference : .documents
  }

  package init(_ body: RequestBody) throws(ServiceError) {
    let fields = try RequestFields(body)
    shape = Self.shape(body)
    let documents: [String]
    switch shape {
    case .documents:
      fields.reportUnknown(
        besides: Self.commonNames + ["documents", "return_documents", "user", "max_tokens_per_doc"])
      documents = try fields.documents()
      returnsDocuments = try fields.bool("return_documents") ?? false
    case .textEmbeddingsInference:
      fields.reportUnknown(besides: Self.commonNames + ["texts", "return_text"])
      documents = try fields.required("texts", try fields.strings("texts"))
      returnsDocuments = try fields.bool("return_text") ?? false
    }
    request = RerankRequest(
      model: try fields.string("model"), query: try fields.required("query", try fields.string("query")),
      documents: documents)
    // `instruct` is what requests to embed call it.
    request.instruction = try fields.string("instruction")
    if request.instruction == nil { request.instruction = try fields.string("instruct") }
    request.truncation = try fields.directedTruncation()
    rawScores = try fields.bool("raw_scores") ?? false
    request.maximumDocumentTokens = try fields.integer("max_tokens_per_doc")
    // `top_k` is what LightRAG's clients call it.
    limit = try fields.integer("top_n")
    if limit == nil { limit = try fields.integer("top_k") }
  }

  private static let commonNames =
    ["query", "model", "raw_scores", "instruct", "instruction", "top_n", "top_k"]
    + RequestFields.truncationNames
}

extension RequestFields {
  /// `documents`: strings, or objects with a `text`.
  fileprivate func documents() throws(ServiceError) -> [String] {
    let value = try required("documents", self["documents"])
    guard case .array(let elements) = value else {
      throw Self.mismatch("documents", "an array of strings or of objects with 'text'", value)
    }
    guard !elements.isEmpty else { throw .invalid(parameter: "documents", "is empty") }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      let place = "documents[\(index)]"
      if let text = text(element) {
        texts.append(text)
      } else if case .object = element {
        texts.append(
          try nested(place, element) { document throws(ServiceError) in
            try document.required("text", try document.string("text"))
          })
      } else {
        throw Self.mismatch(place, "a string or an object with 'text'", element)
      }
    }
    return texts
  }
}

import JSON
import Touchstone

/// What a client asks to be ranked, in the shape of Jina, Cohere, vLLM and llama.cpp or in that of
/// text-embeddings-inference.
package struct RerankRequest: Equatable, Sendable {
  package enum Shape: Equatable, Sendable {
    /// `documents` in, `results` with `relevance_score` out.
    case documents
    /// `texts` in, an array with `score` out.
    case textEmbeddingsInference
  }

  package var shape: Shape
  package var model: String?
  package var query: String
  package var documents: [String]
  /// How many of the best are returned; nil: all.
  package var limit: Int?
  package var returnsDocuments: Bool
  /// Whether scores are the difference of the logits and not the probability.
  package var rawScores: Bool
  package var instruction: String?
  package var truncation: Truncation?

  /// Which shape a body has: `texts` is text-embeddings-inference's.
  package static func shape(_ fields: RequestFields) -> Shape {
    fields.contains("texts") && !fields.contains("documents") ? .textEmbeddingsInference : .documents
  }

  package init(_ fields: RequestFields) throws(ServiceError) {
    shape = Self.shape(fields)
    model = try fields.string("model")
    query = try fields.required("query", try fields.string("query"))
    if let text = try fields.string("instruction") {
      instruction = text
    } else {
      instruction = try fields.string("instruct")
    }
    truncation = try fields.truncation()
    rawScores = try fields.bool("raw_scores") ?? false
    limit = try fields.integer("top_n")
    if let limit, limit < 1 { throw fields.invalid("top_n", "must be at least 1") }
    switch shape {
    case .documents:
      documents = try fields.documents()
      returnsDocuments = try fields.bool("return_documents") ?? false
    case .textEmbeddingsInference:
      documents = try fields.required("texts", try fields.strings("texts"))
      returnsDocuments = try fields.bool("return_text") ?? false
    }
  }
}

extension RequestFields {
  /// `documents`: strings, or objects with a `text`.
  fileprivate func documents() throws(ServiceError) -> [String] {
    let value = try required("documents", self["documents"])
    guard case .array(let elements) = value else {
      throw mismatch("documents", needed: "an array of strings or of objects with 'text'", found: value)
    }
    guard !elements.isEmpty else { throw invalid("documents", "must have at least one element") }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      let place = "documents[\(index)]"
      switch element {
      case .string(let text): texts.append(text)
      case .object:
        let document = try RequestFields(element, prefix: path(place) + ".")
        texts.append(try document.required("text", try document.string("text")))
      default: throw mismatch(place, needed: "a string or an object with 'text'", found: element)
      }
    }
    return texts
  }
}

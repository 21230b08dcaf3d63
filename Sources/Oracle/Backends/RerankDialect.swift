import JSON

/// The ways in which rerankers are asked.
package enum RerankDialect: Sendable, Equatable {
  /// Jina's, Cohere's, vLLM's and llama.cpp's: `documents`, and `results` with `relevance_score`.
  case documents(path: String)
  /// text-embeddings-inference: `texts`, and a list with `score`.
  case texts

  package var title: String {
    switch self {
    case .documents(let path): "rerank at \(path)"
    case .texts: ServerDialect.textEmbeddingsInference.title
    }
  }

  package var path: String {
    switch self {
    case .documents(let path): path
    case .texts: "/rerank"
    }
  }

  func body(
    _ query: String, _ documents: [String], instruction: String?, model: String?
  ) -> JSONValue {
    let texts = JSONValue.array(documents.map(JSONValue.string))
    var members = [JSONValue.Member("query", .string(query))]
    switch self {
    case .documents:
      if let model { members.append(.init("model", .string(model))) }
      members += [.init("documents", texts), .init("return_documents", .bool(false))]
    case .texts:
      members += [.init("texts", texts), .init("raw_scores", .bool(false)), .init("truncate", .bool(false))]
    }
    if let instruction { members.append(.init("instruction", .string(instruction))) }
    return .object(members)
  }

  /// The results as they stand in the answer: the document that each names, and its score; NaN where it is
  /// null.
  func results(_ value: JSONValue) throws(BackendError) -> [(index: Int?, score: Double)] {
    let rows: JSONValue? = if case .texts = self { value } else { value["results"] ?? value["data"] }
    guard case .array(let elements)? = rows else {
      throw .malformed(
        "the answer is not that of a reranker: it needs \(self == .texts ? "a list" : "a list 'results'"), and is "
          + value.outline)
    }
    return try elements.map { element throws(BackendError) in
      let score = element["relevance_score"] ?? element["score"]
      let index: Int? = if case .number(let digits)? = element["index"] { Int(digits) } else { nil }
      switch score {
      case .number(let digits)?: return (index, Double(digits) ?? .nan)
      case .null?: return (index, .nan)
      default: throw .malformed("a result has no 'relevance_score' or 'score', but is \(element.outline)")
      }
    }
  }
}

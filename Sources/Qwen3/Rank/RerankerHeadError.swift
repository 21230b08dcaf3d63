import ForeignText

/// Why a file cannot rerank. `description` is one sentence for a person.
public enum RerankerHeadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file says how to pool states into a vector, and has no head.
  case otherPooling(Int)
  /// Nothing says that the file is a reranker.
  case noEvidence
  case missingLabels
  case labels([String], rowCount: Int)
  case rowCount(Int)
  /// A head of another kind, with a tensor that Qwen3-Reranker does not have.
  case otherTensor(String)
  /// The vocabulary lacks an answer.
  case missingToken(String)

  public var description: String {
    switch self {
    case .otherPooling(let id):
      "the file is an embedding model (qwen3.pooling_type is \(Self.poolingName(id)), and there is no cls.output.weight): "
        + "it embeds and cannot rerank; use a Qwen3-Reranker file"
    case .noEvidence:
      "nothing says that the file is a reranker as Qwen3-Reranker is: it has no cls.output.weight, no qwen3.pooling_type "
        + "rank, no labels, no rerank template, and it is not Qwen3-Reranker by name and shape; use a Qwen3-Reranker file"
    case .missingLabels:
      "cls.output.weight has 2 rows, and qwen3.classifier.output_labels, which says which of them is yes, is missing; "
        + "convert the model again"
    case .labels(let found, let rowCount):
      "qwen3.classifier.output_labels is [\(found.quotedList())], "
        + (rowCount == 2
          ? "but must be yes and no, in either order, for the 2 rows of cls.output.weight"
          : "but must be one label, for yes, for the 1 row of cls.output.weight")
    case .rowCount(let found):
      "cls.output.weight has \(found) rows, but a reranker has 2, for yes and no, or 1"
    case .otherTensor(let name):
      "the file has \(name.quoted), a part of a head that Qwen3-Reranker does not have and that this engine does not compute"
    case .missingToken(let token):
      "the file has no cls.output.weight, and its vocabulary has no token \(token.quoted) whose row could answer; convert "
        + "the model again"
    }
  }

  private static func poolingName(_ id: Int) -> String {
    let names = ["none", "mean", "cls", "last"]
    return names.indices.contains(id) ? names[id] : "\(id)"
  }
}

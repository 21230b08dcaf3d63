import Touchstone

/// A model that Qwen published, known by its shape.
package enum OfficialModel: String, CaseIterable, Sendable {
  case embedding06B = "Qwen/Qwen3-Embedding-0.6B"
  case embedding4B = "Qwen/Qwen3-Embedding-4B"
  case embedding8B = "Qwen/Qwen3-Embedding-8B"
  case reranker06B = "Qwen/Qwen3-Reranker-0.6B"
  case reranker4B = "Qwen/Qwen3-Reranker-4B"
  case reranker8B = "Qwen/Qwen3-Reranker-8B"

  var isReranker: Bool {
    switch self {
    case .embedding06B, .embedding4B, .embedding8B: false
    case .reranker06B, .reranker4B, .reranker8B: true
    }
  }

  /// Layers, hidden size, feed-forward size, heads, key-value heads, head dimension.
  private var shape: [Int] {
    switch self {
    case .embedding06B, .reranker06B: [28, 1024, 3072, 16, 8, 128]
    case .embedding4B, .reranker4B: [36, 2560, 9728, 32, 8, 128]
    case .embedding8B, .reranker8B: [36, 4096, 12288, 32, 8, 128]
    }
  }

  /// The official model whose shape and kind a file has, or nil.
  package static func of(_ inspection: ModelInspection) -> OfficialModel? {
    let isReranker: Bool
    switch inspection.kind {
    case .embedding: isReranker = false
    case .reranker: isReranker = true
    default: return nil
    }
    let found = inspection.shape
    let shape = [
      found.layerCount, found.hiddenSize, found.feedForwardSize, found.headCount, found.keyValueHeadCount,
      found.headDimension,
    ]
    return allCases.first { $0.isReranker == isReranker && $0.shape.map(Optional.init) == shape }
  }

  /// Whether a file calls itself this model: by its `general.name`, or by its file's name where it has none.
  /// Names are spelled in many ways; letters and digits are compared.
  package func isName(of inspection: ModelInspection) -> Bool {
    let fileName = inspection.path.split(separator: "/").last.map(String.init) ?? ""
    let name = (inspection.name ?? fileName).lowercased().filter { $0.isLetter || $0.isNumber }
    return name.contains("qwen3") && name.contains(isReranker ? "rerank" : "embedding")
  }
}

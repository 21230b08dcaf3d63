import Qwen3

/// A block's result added to the wrong thing.
enum ResidualSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    let terms: [(String, TraceMatrix?, TraceMatrix?)]
    switch site.intermediate {
    case .attentionResidual:
      let output = try site.reference(.attentionOutput)
      terms = [
        (
          "is added to the normed input, not to the residual stream", try site.reference(.attentionNorm),
          output
        ),
        (
          "is taken away instead of added", try site.layerInput(),
          output?.map { _, _, value in -Double(value) }
        ),
        ("is added twice", try site.layerInput(), output?.map { _, _, value in 2 * Double(value) }),
      ]
    case .feedForwardResidual:
      let output = try site.reference(.down)
      let stream = try site.reference(.attentionResidual)
      terms = [
        (
          "is added to the normed input, not to the residual stream", try site.reference(.feedForwardNorm),
          output
        ),
        ("is added to the layer's input: the attention block is lost", try site.layerInput(), output),
        ("is taken away instead of added", stream, output?.map { _, _, value in -Double(value) }),
        ("is added twice", stream, output?.map { _, _, value in 2 * Double(value) }),
      ]
    default: return []
    }
    return terms.compactMap { words, first, second in
      guard let first, let second, first.columnCount == second.columnCount else { return nil }
      let sum = first.map { row, column, value in
        Double(value) + Double(second.values[row * second.columnCount + column])
      }
      return Suspect(
        .residual, "\(site.point): the block's output \(words)", expected: sum, at: site)
    }
  }
}

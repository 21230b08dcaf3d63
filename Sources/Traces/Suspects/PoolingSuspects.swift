import Qwen3

/// Another pooling than the reference's, or pooling before the final norm.
enum PoolingSuspects: SuspectSearch {
  /// More tokens are not searched for the one that was pooled.
  private static let tokenLimit = 4096

  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    guard site.point.name == .pooled || site.point.name == .vector, site.a.rowCount == 1 else { return [] }
    // A vector may be scaled; what counts is its direction.
    let isVector = site.point.name == .vector
    var found: [Suspect] = []
    func add(_ words: String, _ state: ArraySlice<Float>) {
      guard state.count >= site.b.columnCount else { return }
      let cut = state.prefix(site.b.columnCount)
      let factor = isVector ? ScaleSuspects.factor(cut, site.b.values[...]) ?? 1 : 1
      let expected = TraceMatrix(
        rowCount: 1, columnCount: cut.count, values: cut.map { Float(Double($0) * factor) })
      found.append(Suspect(.pooling, "\(site.point) is \(words)", expected: expected, at: site))
    }
    if let states = try site.allRows(TracePoint(.finalNorm), limit: tokenLimit) {
      let last = states.rowCount - 1
      for row in 0...last {
        let words =
          row == 0
          ? "the state of the first token (cls pooling)"
          : row == last
            ? "the state of the last token"
            : "the state of token \(row), and the last is \(last): another last index, as padding or a mask makes it"
        add(words, states.row(row))
      }
      let mean = (0..<states.columnCount).map { column in
        Float(
          (0...last).reduce(0.0) { $0 + Double(states.values[$1 * states.columnCount + column]) }
            / Double(last + 1))
      }
      add("the mean of all states (mean pooling)", mean[...])
    }
    if let shape = site.shape,
      let states = try site.allRows(
        TracePoint(.feedForwardResidual, layer: shape.layerCount - 1), limit: tokenLimit)
    {
      add("the last token's state before the final norm", states.row(states.rowCount - 1))
    }
    return found
  }
}

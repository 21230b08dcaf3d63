/// What the last token attends to: shares that sum to 1 over the tokens, by layer and head.
package struct LastTokenAttention: Sendable, Equatable {
  /// A token that draws much attention whatever the text says: a place to put attention that a head has no
  /// use for.
  package struct Sink: Sendable, Equatable {
    package let token: Int
    /// The mean over all heads of all layers.
    package let share: Double
    /// How many of them give it their largest share.
    package let headCount: Int
  }

  /// [layers][heads][tokens]
  package let layers: [[[Float]]]
  package let tokenCount: Int

  package init(layers: [[[Float]]], tokenCount: Int) {
    self.layers = layers
    self.tokenCount = tokenCount
  }

  package var headCount: Int { layers.first?.count ?? 0 }

  /// In bits.
  package func entropy(layer: Int, head: Int) -> Double { Explanations.entropy(layers[layer][head]) }

  /// The most that an entropy can be.
  package var largestEntropy: Double { binaryLogarithm(Double(max(tokenCount, 1))) }

  /// The mean over the heads of a layer: [tokens].
  package func mean(layer: Int) -> [Float] { Self.mean(layers[layer], tokenCount) }

  /// The mean over all heads of all layers.
  package var mean: [Float] { Self.mean(layers.flatMap(\.self), tokenCount) }

  private static func mean(_ rows: [[Float]], _ count: Int) -> [Float] {
    var sums = Array(repeating: 0.0, count: count)
    for row in rows { for (index, share) in row.enumerated() { sums[index] += Double(share) } }
    return sums.map { Float($0 / Double(max(rows.count, 1))) }
  }

  /// Tokens before the last one with a mean share of at least a fifth, and of three times the even one.
  package var sinks: [Sink] {
    guard tokenCount > 1 else { return [] }
    let mean = mean
    let largest = layers.flatMap(\.self).compactMap { row in row.indices.max { row[$0] < row[$1] } }
    return mean.indices.dropLast().filter { mean[$0] >= 0.2 && mean[$0] * Float(tokenCount) >= 3 }
      .map { token in
        Sink(token: token, share: Double(mean[token]), headCount: largest.count { $0 == token })
      }
  }
}

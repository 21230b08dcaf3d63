import Foundation

/// Causal grouped-query attention: for each token the weighted values of its heads, one head after the other.
public func attention(
  query: [[Float]], key: [[Float]], value: [[Float]], headCount: Int, keyValueHeadCount: Int
) -> [[Float]] {
  let dimension = query[0].count / headCount
  return query.indices.map { token in
    (0..<headCount).flatMap { head in
      let shared = head / (headCount / keyValueHeadCount)
      let own = part(query[token], head, dimension)
      let scores = (0...token).map { other in
        zip(own, part(key[other], shared, dimension)).reduce(0) { $0 + $1.0 * $1.1 }
          / Float(dimension).squareRoot()
      }
      let weights = softmax(scores)
      return (0..<dimension).map { index in
        weights.indices.reduce(0) { $0 + weights[$1] * value[$1][shared * dimension + index] }
      }
    }
  }
}

private func part(_ row: [Float], _ head: Int, _ dimension: Int) -> ArraySlice<Float> {
  row[head * dimension..<(head + 1) * dimension]
}

/// The largest score is subtracted first, so that no exponential overflows.
private func softmax(_ scores: [Float]) -> [Float] {
  let largest = scores.max() ?? 0
  let exponentials = scores.map { exp($0 - largest) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

import Kernels
import Qwen3

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Attention computed from the reference's queries, keys and values with a mistake in it.
enum AttentionSuspects: SuspectSearch {
  /// Every variant costs tokens² · queries: a short beginning is enough, except where later tokens are seen.
  private static let tokenLimit = 64

  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    guard site.intermediate == .attention, let shape = site.shape, let layer = site.point.layer else {
      return []
    }
    func rows(_ name: Intermediate) throws(SafetensorsError) -> TraceMatrix? {
      if let all = try site.allRows(TracePoint(name, layer: layer), limit: tokenLimit) { return all }
      return try site.reference(name)?.prefix(tokenLimit)
    }
    guard let query = try rows(.queryRotated), let key = try rows(.keyRotated), let value = try rows(.value),
      query.columnCount == shape.querySize, query.rowCount == key.rowCount, key.rowCount == value.rowCount
    else { return [] }
    let isWhole = site.isWhole && query.rowCount == site.a.rowCount
    let right = Attention(
      shape: shape, scale: 1 / Double(shape.headDimension).squareRoot(), isCausal: site.isCausal)
    let hiddenPerHead = Double(shape.hiddenSize) / Double(shape.headCount)
    var variants: [(String, Attention)] = [
      ("the scores are not scaled by 1/√headDimension", right.with { $0.scale = 1 }),
      ("the scores are scaled twice", right.with { $0.scale = right.scale * right.scale }),
      (
        "the scores are scaled by 1/√(hiddenSize / heads), which is not the head dimension",
        right.with { $0.scale = 1 / hiddenPerHead.squareRoot() }
      ),
      (
        "query heads take their key and value heads in turn (h mod n) instead of in groups (h / n)",
        right.with { $0.takesHeadsInTurn = true }
      ),
    ]
    if site.isCausal {
      variants.append(("a token does not see itself", right.with { $0.seesItself = false }))
      if isWhole {
        variants.append(
          ("there is no causal mask: tokens see what comes after them", right.with { $0.isCausal = false }))
      }
    } else {
      variants.append(
        ("there is a causal mask: tokens see only what comes before them", right.with { $0.isCausal = true }))
    }
    var found: [Suspect] = []
    func add(
      _ words: String, _ attention: Attention, _ query: TraceMatrix, _ key: TraceMatrix, _ value: TraceMatrix,
      _ kind: TraceFinding.Kind = .attention
    ) {
      let expected = attention.applied(query, key, value)
      let residual = expected.distance(to: site.b.prefix(expected.rowCount))
      found.append(Suspect(kind, "\(site.point): \(words)", residual: residual, at: site))
    }
    for (words, attention) in variants { add(words, attention, query, key, value) }
    if let plainQuery = try rows(.queryNorm), let plainKey = try rows(.keyNorm) {
      add("queries and keys are not rotated", right, plainQuery, plainKey, value)
      add("keys are not rotated, queries are", right, query, plainKey, value)
    }
    add(
      "keys and values are rounded to half precision, as a cache of 16-bit floats does",
      right, query, key.roundedToHalf, value.roundedToHalf, .cachePrecision)
    // What meets 16-bit floats is rounded to them in llama.cpp: queries, and the weights that values are
    // added with.
    add(
      "keys and values, and what meets them, are rounded to half precision, as llama.cpp does with its cache of 16-bit "
        + "floats (--cache-type-k f32 --cache-type-v f32 takes it away)",
      right.with { $0.roundsWeights = true }, query.roundedToHalf, key.roundedToHalf, value.roundedToHalf,
      .cachePrecision)
    return found
  }
}

/// Grouped-query attention in float64.
private struct Attention {
  let shape: TraceMetadata.Shape
  var scale: Double
  var isCausal: Bool
  var seesItself = true
  var takesHeadsInTurn = false
  /// The weights of the values, after the softmax, are rounded to half precision.
  var roundsWeights = false

  init(shape: TraceMetadata.Shape, scale: Double, isCausal: Bool) {
    self.shape = shape
    self.scale = scale
    self.isCausal = isCausal
  }

  func with(_ change: (inout Attention) -> Void) -> Attention {
    var attention = self
    change(&attention)
    return attention
  }

  /// [tokens, heads · dimension] of queries, and as many tokens of keys and values.
  func applied(_ query: TraceMatrix, _ key: TraceMatrix, _ value: TraceMatrix) -> TraceMatrix {
    let dimension = shape.headDimension
    let group = shape.headCount / shape.keyValueHeadCount
    var result = query.map { _, _, _ in 0 }
    for head in 0..<shape.headCount {
      let source = (takesHeadsInTurn ? head % shape.keyValueHeadCount : head / group) * dimension
      for row in 0..<query.rowCount {
        let last = isCausal ? row - (seesItself || row == 0 ? 0 : 1) : key.rowCount - 1
        let queryStart = row * query.columnCount + head * dimension
        let scores = (0...last).map { other in
          let keyStart = other * key.columnCount + source
          return scale
            * (0..<dimension).reduce(0) {
              $0 + Double(query.values[queryStart + $1]) * Double(key.values[keyStart + $1])
            }
        }
        let largest = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        let weights = exponentials.map { exponential in
          let weight = exponential / sum
          return roundsWeights ? Double(Float(halfBits: Float(weight).halfBits)) : weight
        }
        for index in 0..<dimension {
          let total = weights.indices.reduce(0) {
            $0 + weights[$1] * Double(value.values[$1 * value.columnCount + source + index])
          }
          result.values[queryStart + index] = Float(total)
        }
      }
    }
    return result
  }
}

extension TraceMatrix {
  /// The first rows, at most so many.
  func prefix(_ count: Int) -> TraceMatrix {
    let count = min(count, rowCount)
    return TraceMatrix(
      rowCount: count, columnCount: columnCount, values: Array(values.prefix(count * columnCount)))
  }

  var roundedToHalf: TraceMatrix { map { Double(Float(halfBits: $2.halfBits)) } }
}

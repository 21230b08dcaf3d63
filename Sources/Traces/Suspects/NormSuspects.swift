import Qwen3

/// An RMSNorm that computes something else. Its weight is not in a trace, but follows from the reference's
/// input and output.
enum NormSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    let input: TraceMatrix?
    switch site.intermediate {
    case .attentionNorm: input = try site.layerInput()
    case .queryNorm: input = try site.reference(.query)
    case .keyNorm: input = try site.reference(.key)
    case .feedForwardNorm: input = try site.reference(.attentionResidual)
    case .finalNorm:
      input = try site.shape.flatMap { shape throws(SafetensorsError) in
        try site.reference(TracePoint(.feedForwardResidual, layer: shape.layerCount - 1))
      }
    default: input = nil
    }
    guard let input, input.columnCount == site.a.columnCount else { return [] }
    let width = site.headDimension ?? input.columnCount
    let norm = Norm(width: width, epsilon: site.normEpsilon)
    let weight = norm.weight(input: input, output: site.a)
    var found: [Suspect] = []
    func add(_ words: String, _ norm: Norm, _ weight: [Double]) {
      found.append(
        Suspect(
          .norm, "\(site.point): \(words)", expected: norm.applied(to: input, weight: weight), at: site))
    }
    add("the weight of the norm is left out", norm, weight.map { _ in 1 })
    add("the norm multiplies by 1 + weight instead of the weight", norm, weight.map { 1 + $0 })
    add(
      "a LayerNorm, which takes the mean away, instead of an RMSNorm", norm.with { $0.subtractsMean = true },
      weight)
    for epsilon in [1e-5, 1e-6, 1e-8, 1e-12] where abs(epsilon / site.normEpsilon - 1) > 0.01 {
      add(
        "the epsilon of the norm is \(Scientific.text(epsilon)), and \(Scientific.text(site.normEpsilon)) in A",
        norm.with { $0.epsilon = epsilon }, weight)
    }
    if width != input.columnCount {
      add(
        "the norm runs over all heads together instead of each head",
        norm.with { $0.width = input.columnCount },
        weight)
    }
    return found
  }
}

/// `x / √(mean(x²) + ε) · weight`, over each `width` components.
private struct Norm {
  var width: Int
  var epsilon: Double
  var subtractsMean = false

  func with(_ change: (inout Norm) -> Void) -> Norm {
    var norm = self
    change(&norm)
    return norm
  }

  /// - Parameter weight: for each component; a short one is repeated, head after head.
  func applied(to input: TraceMatrix, weight: [Double]) -> TraceMatrix {
    var result = input
    for start in stride(from: 0, to: input.values.count, by: width) {
      let values = input.values[start..<start + width].map(Double.init)
      let mean = subtractsMean ? values.reduce(0, +) / Double(width) : 0
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      let factor = 1 / (square + epsilon).squareRoot()
      for (index, value) in values.enumerated() {
        result.values[start + index] = Float((value - mean) * factor * weight[(start + index) % weight.count])
      }
    }
    return result
  }

  /// [width]: what brings the normed input nearest to `output`.
  func weight(input: TraceMatrix, output: TraceMatrix) -> [Double] {
    let normed = applied(to: input, weight: [1])
    var products = [Double](repeating: 0, count: width)
    var squares = products
    for index in normed.values.indices {
      let value = Double(normed.values[index])
      products[index % width] += value * Double(output.values[index])
      squares[index % width] += value * value
    }
    return zip(products, squares).map { $1 > 0 ? $0 / $1 : 0 }
  }
}

/// RMSNorm: `x[i] / √(mean(x²) + ε) · weight[i]`.
public func rmsNorm(_ x: [Float], weight: [Float], epsilon: Float) -> [Float] {
  let meanSquare = x.reduce(0) { $0 + $1 * $1 } / Float(x.count)
  let scale = 1 / (meanSquare + epsilon).squareRoot()
  return zip(x, weight).map { $0 * scale * $1 }
}

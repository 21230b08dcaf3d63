/// RMSNorm: `x[i] / √(mean(x²) + ε) · weight[i]`.
public func rmsNorm(_ x: [Float], weight: [Float], epsilon: Float) -> [Float] {
  x  // Write it.
}

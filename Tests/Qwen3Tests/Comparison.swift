/// 1 − cosine of two vectors, in float64.
func oneMinusCosine(_ a: [Float], _ b: [Float]) -> Double {
  func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
  return 1 - dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

/// `vector` with length 1, in float64 and rounded once.
func normalized(_ vector: [Float]) -> [Float] {
  let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  return vector.map { Float(Double($0) / length) }
}

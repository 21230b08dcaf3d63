#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func exponential(_ value: Double) -> Double { exp(value) }

func binaryLogarithm(_ value: Double) -> Double { log2(value) }

/// The length of a vector, in float64.
func norm(_ vector: some Sequence<Float>) -> Double {
  vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}

/// The cosine of two vectors, in float64 and in index order; 0 where one of them has no direction.
package func cosine(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
  let lengths = norm(a) * norm(b)
  guard a.count == b.count, lengths > 0 else { return 0 }
  return zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / lengths
}

/// −Σ p log₂ p: 0 where all is on one token, log₂ n where all of n get the same.
func entropy(_ weights: some Sequence<Float>) -> Double {
  -weights.reduce(0.0) { $1 > 0 ? $0 + Double($1) * log2(Double($1)) : $0 }
}

/// `e^x / Σ e^x`, in float64.
func softmax(_ logits: [Double]) -> [Float] {
  let largest = logits.max() ?? 0
  let powers = logits.map { exponential($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { Float($0 / sum) }
}

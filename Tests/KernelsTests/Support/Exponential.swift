/// eˣ in float64 by its series, `x` halved until it is small: about 1e-15 of the value. No libm, whose errors
/// differ.
func exponential(_ x: Double) -> Double {
  guard x > -745 else { return 0 }
  let halvings = 12
  let small = x / Double(1 << halvings)
  var result = (1...18).reversed().reduce(1.0) { sum, term in 1 + sum * small / Double(term) }
  for _ in 0..<halvings { result *= result }
  return result
}

/// `1 − cos` of two vectors, in float64.
///
/// Computed as half the squared distance of the normalized vectors: `1 − a·b` would lose all digits of what
/// is below 1e-16, and most of what is near it. The lengths of the vectors do not matter. NaN where a vector
/// has no direction.
package func cosineDistance(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
  precondition(a.count == b.count, "vectors of the same model have the same size")
  let lengthA = a.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  let lengthB = b.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  guard lengthA > 0, lengthB > 0 else { return .nan }
  let squaredDistance = zip(a, b).reduce(0.0) { sum, pair in
    let difference = Double(pair.0) / lengthA - Double(pair.1) / lengthB
    return sum + difference * difference
  }
  return squaredDistance / 2
}

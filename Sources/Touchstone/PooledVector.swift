/// The last steps to a vector, in float64 and in index order: the same bits everywhere.
enum PooledVector {
  /// The mean of several states of the same size, each component rounded once.
  static func mean(of states: ArraySlice<[Float]>) -> [Float] {
    guard let first = states.first else { return [] }
    var sums = first.map(Double.init)
    for state in states.dropFirst() {
      for index in sums.indices { sums[index] += Double(state[index]) }
    }
    return sums.map { Float($0 / Double(states.count)) }
  }

  /// Whether each vector of `values` has a component that is not 0. A trained model makes no other.
  static func haveDirections(_ values: [Float], dimensions: Int) -> Bool {
    stride(from: 0, to: values.count, by: dimensions).allSatisfy { start in
      values[start..<start + dimensions].contains { $0 != 0 }
    }
  }

  /// `vector / |vector|`. A vector of zeros stays one, and ``haveDirections(_:dimensions:)`` finds it.
  static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? vector.map { Float(Double($0) / length) } : vector
  }
}

/// The vector of one input, and how it came about.
public struct Embedding: Sendable, Equatable {
  /// The components: `dimensions` of them, or `tokenCount * dimensions`, token by token, with pooling `none`.
  public let values: [Float]
  /// The components of one vector.
  public let dimensions: Int
  /// The tokens that went through the model, the end of text included.
  public let tokenCount: Int
  /// The tokens of the input before truncation, the end of text included.
  public let inputTokenCount: Int

  /// Whether tokens were cut off to fit `maximumTokens`.
  public var isTruncated: Bool { inputTokenCount > tokenCount }

  /// The vectors one by one: one, or one a token with pooling `none`.
  public var vectors: [ArraySlice<Float>] {
    stride(from: 0, to: values.count, by: dimensions).map { values[$0..<$0 + dimensions] }
  }

  /// The cosine of the angle between two vectors: −1 to 1, and 0 where one of them has length 0.
  ///
  /// Products and sums are in float64, in index order, so the bits are the same everywhere.
  ///
  /// - Precondition: both hold one vector (any pooling but `none`) of the same dimensions.
  public func similarity(to other: Embedding) -> Float {
    precondition(
      values.count == dimensions && other.values.count == dimensions,
      "similarity compares single vectors of the same dimensions")
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let lengths = (dot(values, values) * dot(other.values, other.values)).squareRoot()
    return lengths > 0 ? Float(dot(values, other.values) / lengths) : 0
  }

  public init(values: [Float], dimensions: Int, tokenCount: Int, inputTokenCount: Int) {
    self.values = values
    self.dimensions = dimensions
    self.tokenCount = tokenCount
    self.inputTokenCount = inputTokenCount
  }
}

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

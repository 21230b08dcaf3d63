import Kernels

/// The grid that all numbers of a set lie on: they were rounded to it after the model computed them. Unlike a
/// class of arithmetic this is seen and not inferred.
package enum NumberGrid: Sendable, Hashable {
  case half, bfloat16
  /// n / 127 with whole n: components from −1 to 1 in a signed byte.
  case bytes
  /// Whole numbers, as services give them that were asked for int8.
  case wholeNumbers
  /// So many digits after the point.
  case decimals(Int)

  /// Numbers on which a grid is believed: fewer lie on one by chance, or are zeros.
  private static let leastCount = 64

  /// The coarsest grid that all numbers lie on; nil where they lie on none, or are too few.
  package init?(of vectors: some Collection<[Float]>) {
    let numbers = vectors.joined().filter { $0 != 0 }
    guard numbers.count >= Self.leastCount else { return nil }
    let candidates: [NumberGrid] =
      [.wholeNumbers, .bytes] + (1...3).map(NumberGrid.decimals) + [.bfloat16, .half]
      + (4...6).map(NumberGrid.decimals)
    guard let found = candidates.first(where: { grid in numbers.allSatisfy(grid.contains) }) else {
      return nil
    }
    self = found
  }

  private func contains(_ number: Float) -> Bool {
    let rounded = nearest(number)
    // A service may compute n / 127 in either order: a unit in the last place.
    return self == .bytes ? abs(rounded - number) <= 2 * number.ulp : rounded == number
  }

  /// The nearest number of the grid.
  private func nearest(_ number: Float) -> Float {
    switch self {
    case .half: return Float(halfBits: number.halfBits)
    case .bfloat16:
      // To the nearest, a tie to the even one.
      let bits = number.bitPattern
      return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    case .bytes: return Float((Double(number) * 127).rounded() / 127)
    case .wholeNumbers: return number.rounded()
    case .decimals(let count):
      let scale = (0..<count).reduce(1.0) { scale, _ in scale * 10 }
      return Float((Double(number) * scale).rounded() / scale)
    }
  }

  /// A vector as it would lie on the grid if it had this length.
  func rounded(_ vector: [Float], length: Double) -> [Float] {
    let own = VectorChecks.length(vector)
    guard own > 0 else { return vector }
    let factor = length / own
    return vector.map { nearest(Float(Double($0) * factor)) }
  }

  /// How far the length of a vector of length 1 may be moved by rounding so many components.
  func lengthTolerance(count: Int) -> Double {
    let step: Double
    switch self {
    // Relative to the number, and so to the length.
    case .half, .wholeNumbers: return 0
    case .bfloat16: return 0x1p-8
    case .bytes: step = 1.0 / 127
    case .decimals(let count): step = (0..<count).reduce(1.0) { step, _ in step / 10 }
    }
    // The length of the error, each component's uniform in a step: more than it changes the length.
    return step * (Double(count) / 12).squareRoot()
  }

  /// As part of a sentence: what the numbers are.
  package var title: String {
    switch self {
    case .half: "float16 numbers"
    case .bfloat16: "bfloat16 numbers"
    case .bytes: "multiples of 1/127, which fit in a byte"
    case .wholeNumbers: "whole numbers"
    case .decimals(1): "numbers with one decimal"
    case .decimals(let count): "numbers with \(count) decimals"
    }
  }
}

import Foundation
import Touchstone

/// How what came is compared with what was predicted: vectors by their cosine, scores by their logits.
package enum Measure: Sendable, Equatable {
  case vectors
  case scores

  /// Of several answers.
  package var noun: String { self == .vectors ? "vectors" : "scores" }
  package var singular: String { self == .vectors ? "vector" : "score" }
  /// Of a difference, in sentences and plots.
  package var symbol: String { self == .vectors ? "1 − cos" : "logit difference" }

  /// What two implementations in float32 may differ by.
  ///
  /// Vectors: they are within 1e-10 on texts of 4,000 tokens (testdata/README.md); a hundred times that
  /// leaves room for other orders of summation. Scores: Touchstone and transformers are each within 1.1e-5 of
  /// float64 (docs/explanation/reranking.md); five times the sum of both.
  var float32Bound: Double { self == .vectors ? 1e-8 : 1e-4 }

  /// What 16-bit activations may differ by: twice the most that was seen on the test files (PERFORMANCE.md,
  /// docs/explanation/reranking.md).
  var sixteenBitBound: Double { self == .vectors ? 5e-8 : 2e-3 }

  /// How much more than what was measured of a precision is still that class. Engines differ in what they
  /// round; their noise is of the same order, not the same. 1 − cos grows with the square of an error, and 8
  /// is about the square of 3.
  var allowance: Double { self == .vectors ? 8 : 3 }

  /// Plain probes that a hypothesis must fit to be looked at further. A score says less than a vector.
  var screeningCount: Int { self == .vectors ? 4 : 8 }

  /// NaN where there is no telling.
  func difference(_ seen: [Float], _ predicted: [Float], _ rule: ScoreRule) -> Double {
    switch self {
    case .vectors:
      let count = min(seen.count, predicted.count)
      return cosineDistance(seen.prefix(count), predicted.prefix(count))
    case .scores:
      guard let seen = seen.first, let predicted = predicted.first else { return .nan }
      guard rule.admits(Double(seen)) else { return .infinity }
      return Self.scoreDifference(Double(seen), Double(predicted), isProbability: rule.isProbability)
    }
  }

  /// The direction in which rounding moved a vector; for a score, the change of its logit. Directions have
  /// length 1, so that each text counts the same. nil where there is no telling.
  func shift(_ seen: [Float], _ exact: [Float], _ rule: ScoreRule) -> [Double]? {
    let shift: [Double]
    switch self {
    case .vectors:
      // A vector may be cut, as in `difference`.
      guard let a = Self.normalized(seen.map(Double.init)),
        let b = Self.normalized(exact.prefix(seen.count).map(Double.init)), a.count == b.count
      else { return nil }
      guard let direction = Self.normalized(zip(a, b).map { $0 - $1 }) else { return nil }
      shift = direction
    case .scores:
      guard let seen = seen.first.map(Double.init), let exact = exact.first.map(Double.init) else {
        return nil
      }
      shift = [rule.isProbability ? Self.logit(seen) - Self.logit(exact) : seen - exact]
    }
    return shift.allSatisfy(\.isFinite) ? shift : nil
  }

  private static func normalized(_ values: [Double]) -> [Double]? {
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? values.map { $0 / length } : nil
  }

  /// Scores at 0 and 1 have no logit: a little inside.
  private static func logit(_ score: Double) -> Double {
    let clipped = min(max(score, 1e-6), 1 - 1e-6)
    return log(clipped / (1 - clipped))
  }

  /// Smaller differences are not told apart.
  private static let leastScoreDifference = 1e-6

  /// The difference of the logits of two scores, less what float32, in which services keep scores, cannot
  /// hold: near 1 its steps are 6e-8 wide, and a step there is a large part of the logit.
  private static func scoreDifference(_ seen: Double, _ predicted: Double, isProbability: Bool) -> Double {
    guard isProbability else { return max(abs(seen - predicted), leastScoreDifference) }
    guard (0...1).contains(seen) else { return .infinity }
    func clipped(_ score: Double) -> Double { min(max(score, 1e-6), 1 - 1e-6) }
    let (a, b) = (clipped(seen), clipped(predicted))
    let resolution = 6e-8 / min(a * (1 - a), b * (1 - b))
    return max(abs(logit(a) - logit(b)) - resolution, leastScoreDifference)
  }
}

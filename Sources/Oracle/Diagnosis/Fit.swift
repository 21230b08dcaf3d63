/// How well one hypothesis predicts the vectors that were seen.
struct Fit: Sendable {
  let hypothesis: Hypothesis
  /// By probe; infinite where the hypothesis predicts no vector.
  let differences: [String: Double]
  /// The class of rounding that the smaller differences are of; nil where they are of none.
  let level: NoiseFloor.Level?
  /// What a difference may be at most in that class.
  let bound: Double

  init(_ hypothesis: Hypothesis, _ differences: [String: Double], _ noise: NoiseFloor) {
    self.hypothesis = hypothesis
    self.differences = differences
    level = noise.level(of: Array(differences.values))
    bound = level?.bound ?? 0
  }

  func explains(_ probe: String) -> Bool { differences[probe].map { $0 <= bound } ?? false }

  var explained: Set<String> { Set(differences.keys.filter(explains)) }
  var unexplained: Set<String> { Set(differences.keys.filter { !explains($0) }) }
  var isComplete: Bool { level != nil && unexplained.isEmpty }

  /// The largest difference over the probes that are explained.
  var largestExplained: Double { explained.compactMap { differences[$0] }.max() ?? 0 }

  /// The mean logarithm: what tells apart hypotheses that explain the same probes.
  var score: Double {
    differences.values.reduce(0) { $0 + Double.logarithm10(max($1.isFinite ? $1 : 2, 1e-16)) }
      / Double(max(1, differences.count))
  }

  /// Better: more probes, then fewer mistakes, then nearer.
  func isBetter(than other: Fit) -> Bool {
    if explained.count != other.explained.count { return explained.count > other.explained.count }
    if hypothesis.mistakes.count != other.hypothesis.mistakes.count {
      return hypothesis.mistakes.count < other.hypothesis.mistakes.count
    }
    return score < other.score
  }
}

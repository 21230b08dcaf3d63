import Foundation
import Qwen3

/// How a score is made of the two logits. The default is P(yes), a softmax over both.
package struct ScoreRule: Hashable, Sendable {
  package enum Form: Hashable, Sendable, CaseIterable {
    case probability
    /// A softmax over the two probabilities.
    case softmaxTwice
    /// A sigmoid of the probability.
    case sigmoidTwice
    /// The sigmoid of the logit of "yes" alone.
    case sigmoidOfYes
    /// The logit of "yes" minus that of "no".
    case logitDifference
    case logitOfYes
    case logarithm
    /// A softmax over a single number.
    case softmaxOfOne
    /// A softmax over the components of the state, and its first: what llama.cpp does with a file that has no
    /// `cls.output.weight`.
    case softmaxOfState
  }

  package var form = Form.probability
  /// "yes" and "no" are taken for one another.
  package var swapsLabels = false

  package static let reference = ScoreRule()

  /// Whether scores are from 0 to 1, so that they are compared by their logits.
  var isProbability: Bool {
    switch form {
    case .logitDifference, .logitOfYes, .logarithm: false
    default: true
    }
  }

  /// Whether a score can be of this form at all. Differences of logarithms are small where those of logits
  /// are not: what is no logarithm must not look like one.
  func admits(_ score: Double) -> Bool { form != .logarithm || score <= 1e-6 }

  /// - Parameter state: [hiddenSize], of the prompt's last token.
  func callAsFunction(_ state: [Float], _ head: RerankerHeadWeights) -> Double {
    var (yes, no) = head.logits(of: state)
    if swapsLabels { swap(&yes, &no) }
    let probability = RerankerHeadWeights.probability(yes - no)
    switch form {
    case .probability: return probability
    case .softmaxTwice: return RerankerHeadWeights.probability(2 * probability - 1)
    case .sigmoidTwice: return RerankerHeadWeights.probability(probability)
    case .sigmoidOfYes: return RerankerHeadWeights.probability(yes)
    case .logitDifference: return yes - no
    case .logitOfYes: return yes
    // log P = −log(1 + e⁻ᵈ), in the form that does not overflow.
    case .logarithm: return min(yes - no, 0) - log1p(exp(-abs(yes - no)))
    case .softmaxOfOne: return 1
    case .softmaxOfState:
      let largest = state.max() ?? 0
      let sum = state.reduce(0.0) { $0 + exp(Double($1 - largest)) }
      return state.first.map { exp(Double($0 - largest)) / sum } ?? 0
    }
  }
}

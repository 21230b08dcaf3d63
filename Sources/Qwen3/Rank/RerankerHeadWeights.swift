import GGUF
import Kernels

/// The head of a reranker: turns the last token's state, after the final norm, into the probability of "yes".
///
/// Two logits and a softmax over them, which for two is the sigmoid of their difference:
///
///     P(yes) = eʸ / (eʸ + eⁿ) = 1 / (1 + e⁻⁽ʸ⁻ⁿ⁾),  y = w_yes · x,  n = w_no · x
package struct RerankerHeadWeights: Sendable {
  package let head: RerankerHead
  /// [hiddenSize]
  private let yes: [Float]
  /// [hiddenSize]; nil where `yes` holds the difference.
  private let no: [Float]?

  /// Reads the two rows, and no more of the tensor.
  package init(_ file: GGUFFile, _ configuration: ModelConfiguration, _ head: RerankerHead)
    throws(ModelError)
  {
    let tensors = TensorReader(file: file)
    let hiddenSize = configuration.hiddenSize
    func row(_ index: Int, of rowCount: Int) throws(ModelError) -> [Float] {
      guard index < rowCount else {
        throw .shape(
          tensor: head.tensorName, found: [rowCount, hiddenSize], needed: [index + 1, hiddenSize],
          because: "the token that answers")
      }
      return try tensors.row(index, of: head.tensorName, rowCount, hiddenSize)
    }
    self.head = head
    switch head {
    case .classifier(let yes, let no?):
      self.yes = try row(yes, of: 2)
      self.no = try row(no, of: 2)
    case .classifier(_, nil):
      self.yes = try tensors.row(named: head.tensorName, hiddenSize)
      self.no = nil
    case .output(let yes, let no), .tiedEmbedding(let yes, let no):
      self.yes = try row(yes, of: configuration.vocabularySize)
      self.no = try row(no, of: configuration.vocabularySize)
    }
  }

  /// The logit of "yes" minus the logit of "no". Products of two floats are exact in float64 and added in
  /// index order, so the bits are the same everywhere.
  ///
  /// - Parameter state: [hiddenSize]
  package func logitDifference(of state: [Float]) -> Double {
    let logits = logits(of: state)
    return logits.yes - logits.no
  }

  /// Both logits; of a head with one row, which holds the difference, "no" has 0.
  package func logits(of state: [Float]) -> (yes: Double, no: Double) {
    (Self.product(state, yes), no.map { Self.product(state, $0) } ?? 0)
  }

  /// `1 / (1 + e⁻ᵈ)` of a logit difference.
  package static func probability(_ logitDifference: Double) -> Double {
    // Beyond ±700 the smaller of the two terms is far below what a Double near the larger can hold.
    let decay = DoubleMath.exponential(-min(logitDifference.magnitude, 700))
    return logitDifference >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
  }

  private static func product(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }
}

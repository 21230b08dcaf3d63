/// One thing that is wrong with a trace, in a word for programs and a sentence for people.
package struct TraceFinding: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case tokenIDs = "token-ids"
    case shape
    case notFinite = "not-finite"
    case zeros
    case sign
    case scale
    /// A factor for each token.
    case tokenScale = "token-scale"
    /// A factor for each component.
    case componentScale = "component-scale"
    case norm
    /// B has here what A has elsewhere: a step is left out, or two are swapped.
    case otherTensor = "other-tensor"
    case tokenOrder = "token-order"
    case pairPermutation = "pair-permutation"
    case headOrder = "head-order"
    case rotation
    case attention
    case activation
    case residual
    case pooling
    /// Noise as another precision makes it.
    case precision
    /// Keys and values are kept in half precision, all else is not.
    case cachePrecision = "cache-precision"
    case unexplained
  }

  package let kind: Kind
  /// Where; nil for what is about the whole trace.
  package let point: TracePoint?
  package let sentence: String
  /// What speaks for it, and where it is seen.
  package var evidence: [String]

  init(_ kind: Kind, point: TracePoint?, _ sentence: String, evidence: [String] = []) {
    self.kind = kind
    self.point = point
    self.sentence = sentence
    self.evidence = evidence
  }
}

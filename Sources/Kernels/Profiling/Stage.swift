/// What a text goes through on its way to a vector, as a profile tells it apart.
///
/// To add a stage: name it here, in the order of the work, and open it with `Compute.begin(_:)` where it
/// runs.
package enum Stage: String, CaseIterable, Sendable {
  /// Text to token ids.
  case tokenize
  /// Rows of the embedding table.
  case lookUp
  /// Activations to integers.
  case quantize
  /// Weights, from their block format to what the multiply reads.
  case unpack
  /// Activations by weights, unpacking taken off.
  case multiply
  case attention
  /// RMSNorm, of states and of heads.
  case norms
  /// Rotation, SwiGLU, residual sums, putting keys away.
  case elementwise
  /// States to vectors of the wanted size and length.
  case pooling
  /// What is left of the whole: planning, allocation, handing out work.
  case rest

  /// The place in ``allCases``.
  package var index: Int {
    switch self {
    case .tokenize: 0
    case .lookUp: 1
    case .quantize: 2
    case .unpack: 3
    case .multiply: 4
    case .attention: 5
    case .norms: 6
    case .elementwise: 7
    case .pooling: 8
    case .rest: 9
    }
  }
}

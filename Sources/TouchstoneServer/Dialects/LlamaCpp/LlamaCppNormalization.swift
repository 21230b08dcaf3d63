import Touchstone

/// llama.cpp's `embd_normalize`.
package enum LlamaCppNormalization: Equatable, Sendable {
  /// -1: as pooled.
  case none
  /// 0: the largest component has the magnitude 32760, to fit 16-bit integers.
  case maximum
  /// 1: the magnitudes add up to 1.
  case taxicab
  /// 2: length 1.
  case euclidean

  /// What the engine is asked for: the others are made from vectors as pooled.
  package var engineNormalization: Normalization { self == .euclidean ? .l2 : .none }

  /// A vector as the engine gave it, scaled. Sums are in float64 and in index order: the same bits
  /// everywhere.
  package func scaled(_ vector: ArraySlice<Float>) -> [Float] {
    let divisor: Double =
      switch self {
      case .none, .euclidean: 1
      case .maximum: Double(vector.reduce(0) { max($0, $1.magnitude) }) / 32760
      case .taxicab: vector.reduce(0.0) { $0 + Double($1.magnitude) }
      }
    guard divisor > 0, divisor != 1 else { return Array(vector) }
    return vector.map { Float(Double($0) / divisor) }
  }
}

extension LlamaCppNormalization {
  /// The member `embd_normalize`; Euclidean where it is absent.
  init(_ fields: RequestFields) throws(ServiceError) {
    switch try fields.integer("embd_normalize", atLeast: -1) {
    case nil, 2: self = .euclidean
    case .some(-1): self = .none
    case 0: self = .maximum
    case 1: self = .taxicab
    default:
      throw .invalid(
        parameter: "embd_normalize", "must be -1 (none), 0 (maximum), 1 (taxicab) or 2 (Euclidean)")
    }
  }
}

/// Classes of arithmetic that a correct engine may have, from the finest on.
package enum Precision: String, CaseIterable, Sendable {
  case float32
  /// As this engine has them by default: too fine to be emulated, so its bound is a figure, not a
  /// measurement.
  case sixteenBit = "16-bit activations"
  case half
  case bfloat16
  case eightBit = "8-bit activations"

  /// nil: not emulated.
  var rounding: TransformerRule.Rounding? {
    switch self {
    case .float32, .sixteenBit: nil
    case .half: .half
    case .bfloat16: .bfloat16
    case .eightBit: .eightBit
    }
  }

  /// As part of a sentence: `float32 rounding`, `the rounding of 8-bit activations`. Of several: one of them.
  static func phrase(_ classes: [Precision]) -> String {
    guard classes.count == 1, let only = classes.first else {
      return "the rounding of " + classes.map(\.rawValue).joined(separator: " or ")
    }
    return switch only {
    case .float32, .bfloat16: "\(only.rawValue) rounding"
    case .half: "half-precision rounding"
    case .sixteenBit, .eightBit: "the rounding of \(only.rawValue)"
    }
  }
}

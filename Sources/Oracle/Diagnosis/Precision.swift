/// Why a correct engine's vectors may differ from the reference: classes of arithmetic from the finest on,
/// and the grid that the numbers were stored on.
package enum Precision: Sendable, Hashable {
  case float32
  /// As this engine has them by default: too fine to be emulated, so its bound is a figure, not a
  /// measurement.
  case sixteenBit
  case half
  case bfloat16
  case eightBit
  /// The numbers were rounded after they had been computed.
  case stored(NumberGrid)

  /// Those that are emulated.
  static let emulated: [(precision: Precision, rounding: TransformerRule.Rounding)] = [
    (.half, .half), (.bfloat16, .bfloat16), (.eightBit, .eightBit),
  ]

  /// nil: not emulated.
  var rounding: TransformerRule.Rounding? { Self.emulated.first { $0.precision == self }?.rounding }

  /// In reports: `float32`, `8-bit activations`, `float16 numbers`.
  package var name: String {
    switch self {
    case .float32: "float32"
    case .sixteenBit: "16-bit activations"
    case .half: "half"
    case .bfloat16: "bfloat16"
    case .eightBit: "8-bit activations"
    case .stored(let grid): grid.title
    }
  }

  /// As part of a sentence: `float32 rounding`, `the rounding of 8-bit activations`. Of several: one of them.
  static func phrase(_ classes: [Precision]) -> String {
    guard classes.count == 1, let only = classes.first else {
      return "the rounding of " + classes.map(\.name).joined(separator: " or ")
    }
    return switch only {
    case .float32, .bfloat16: "\(only.name) rounding"
    case .half: "half-precision rounding"
    case .sixteenBit, .eightBit: "the rounding of \(only.name)"
    case .stored(let grid): "the rounding to \(grid.title)"
    }
  }
}

/// The decisions inside of the forward pass.
package struct TransformerRule: Hashable, Sendable {
  package enum HeadNorm: Hashable, Sendable { case beforeRotation, afterRotation, none }

  package enum RotationPairs: Hashable, Sendable {
    /// Components i and i + d / 2: Qwen3's.
    case halves
    /// Components 2i and 2i + 1.
    case interleaved
  }

  /// To what every operation's result is rounded.
  package enum Rounding: Hashable, Sendable {
    case float32, bfloat16, half
    /// What meets quantized weights is rounded to 8-bit integers in blocks, as llama.cpp does: 256 where the
    /// weights have such blocks, else 32. All else stays float32.
    case eightBit
  }

  package var isCausal = true
  package var headNorm = HeadNorm.beforeRotation
  package var pairs = RotationPairs.halves
  /// nil: as the file says.
  package var theta: Float?
  /// The attention scale is 1/√(hidden / heads).
  package var scaleFromHiddenSize = false
  /// Only the first hidden / heads components of a head turn, by the angles of that width.
  package var rotationFromHiddenSize = false
  package var rounding = Rounding.float32

  package init() {}

  package static let reference = TransformerRule()
}

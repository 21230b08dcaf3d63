import Qwen3

/// In what numbers a trace was computed: how far two right computations may be apart follows from it.
package enum TracePrecision: String, CaseIterable, Sendable {
  case f32
  /// Activations of 16 bits, a scale for each 32 (Touchstone).
  case i16
  /// IEEE half precision.
  case f16
  case bf16
  /// Activations of 8 bits, a scale for each 32 (Touchstone; llama.cpp with Q8_0, Q4_0 and their like).
  case i8
  /// Activations of 8 bits, a scale for each 256 (llama.cpp with K quants).
  case q8K = "q8_k"

  package init(_ activations: ActivationPrecision) {
    self =
      switch activations {
      case .f32: .f32
      case .i16: .i16
      case .i8: .i8
      }
  }

  /// What a person calls it.
  package var title: String {
    switch self {
    case .f32: "float32"
    case .i16: "16-bit integer activations"
    case .f16: "half precision"
    case .bf16: "bfloat16"
    case .i8: "8-bit integer activations"
    case .q8K: "8-bit integer activations in blocks of 256"
    }
  }
}

import GGUF
import Kernels

extension BlockFormat {
  /// The format in which a tensor of `type` is stored, or nil where the engine cannot compute with it.
  package init?(_ type: TensorType) {
    switch type {
    case .f32: self = .f32
    case .f16: self = .f16
    case .bf16: self = .bf16
    case .q4_0: self = .q4_0
    case .q4_1: self = .q4_1
    case .q5_0: self = .q5_0
    case .q5_1: self = .q5_1
    case .q8_0: self = .q8_0
    case .q2_K: self = .q2_K
    case .q3_K: self = .q3_K
    case .q4_K: self = .q4_K
    case .q5_K: self = .q5_K
    case .q6_K: self = .q6_K
    case .iq4_NL: self = .iq4_nl
    case .iq4_XS: self = .iq4_xs
    default: return nil
    }
  }

  /// The type that a file names for this format.
  package var tensorType: TensorType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q4_0: .q4_0
    case .q4_1: .q4_1
    case .q5_0: .q5_0
    case .q5_1: .q5_1
    case .q8_0: .q8_0
    case .q2_K: .q2_K
    case .q3_K: .q3_K
    case .q4_K: .q4_K
    case .q5_K: .q5_K
    case .q6_K: .q6_K
    case .iq4_nl: .iq4_NL
    case .iq4_xs: .iq4_XS
    }
  }
}

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
    case .iq1_S: self = .iq1_s
    case .iq1_M: self = .iq1_m
    case .iq2_XXS: self = .iq2_xxs
    case .iq2_XS: self = .iq2_xs
    case .iq2_S: self = .iq2_s
    case .iq3_XXS: self = .iq3_xxs
    case .iq3_S: self = .iq3_s
    case .iq4_NL: self = .iq4_nl
    case .iq4_XS: self = .iq4_xs
    case .tq1_0: self = .tq1_0
    case .tq2_0: self = .tq2_0
    case .mxfp4: self = .mxfp4
    case .nvfp4: self = .nvfp4
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
    case .iq1_s: .iq1_S
    case .iq1_m: .iq1_M
    case .iq2_xxs: .iq2_XXS
    case .iq2_xs: .iq2_XS
    case .iq2_s: .iq2_S
    case .iq3_xxs: .iq3_XXS
    case .iq3_s: .iq3_S
    case .iq4_nl: .iq4_NL
    case .iq4_xs: .iq4_XS
    case .tq1_0: .tq1_0
    case .tq2_0: .tq2_0
    case .mxfp4: .mxfp4
    case .nvfp4: .nvfp4
    }
  }
}

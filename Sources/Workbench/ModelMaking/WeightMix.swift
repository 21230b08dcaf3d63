import Kernels
import Touchstone

/// Which block format each matrix of a file gets: the mixes that `llama-quantize` makes, by its names.
///
/// The rules are those of llama.cpp's `llama-quant.cpp` for an architecture whose embedding table serves as
/// the output too, without an importance matrix (which it demands for the IQ1 and IQ2 mixes). MXFP4 and NVFP4
/// have no mix: it writes them for mixtures of experts only, or not at all.
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum WeightMix: String, CaseIterable, Sendable {
  case Q4_K_M, Q4_K_S, Q5_K_M, Q5_K_S, Q6_K, Q8_0
  case Q4_0, Q4_1, Q5_0, Q5_1
  case Q2_K, Q3_K_S, Q3_K_M, Q3_K_L
  case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ2_M
  case IQ3_XXS, IQ3_XS, IQ3_S, IQ3_M, IQ4_NL, IQ4_XS
  case TQ1_0, TQ2_0
  case F16, BF16, F32

  /// The mix of this name, in any case; Q3_K, Q4_K and Q5_K mean the medium ones.
  package init?(name: String) {
    let name = name.uppercased()
    self.init(rawValue: ["Q3_K", "Q4_K", "Q5_K"].contains(name) ? name + "_M" : name)
  }

  /// The format of most matrices.
  package var mainFormat: BlockFormat {
    switch self {
    case .Q4_K_M, .Q4_K_S: .q4_K
    case .Q5_K_M, .Q5_K_S: .q5_K
    case .Q6_K: .q6_K
    case .Q8_0: .q8_0
    case .Q4_0: .q4_0
    case .Q4_1: .q4_1
    case .Q5_0: .q5_0
    case .Q5_1: .q5_1
    case .Q2_K: .q2_K
    case .Q3_K_S, .Q3_K_M, .Q3_K_L: .q3_K
    case .IQ1_S: .iq1_s
    case .IQ1_M: .iq1_m
    case .IQ2_XXS: .iq2_xxs
    case .IQ2_XS, .IQ2_S: .iq2_xs
    case .IQ2_M: .iq2_s
    case .IQ3_XXS: .iq3_xxs
    case .IQ3_XS, .IQ3_S, .IQ3_M: .iq3_s
    case .IQ4_NL: .iq4_nl
    case .IQ4_XS: .iq4_xs
    case .TQ1_0: .tq1_0
    case .TQ2_0: .tq2_0
    case .F16: .f16
    case .BF16: .bf16
    case .F32: .f32
    }
  }

  /// The number for `general.file_type`, llama.cpp's `enum llama_ftype`.
  var fileType: UInt32 {
    switch self {
    case .F32: 0
    case .F16: 1
    case .Q4_0: 2
    case .Q4_1: 3
    case .Q8_0: 7
    case .Q5_0: 8
    case .Q5_1: 9
    case .Q2_K: 10
    case .Q3_K_S: 11
    case .Q3_K_M: 12
    case .Q3_K_L: 13
    case .Q4_K_S: 14
    case .Q4_K_M: 15
    case .Q5_K_S: 16
    case .Q5_K_M: 17
    case .Q6_K: 18
    case .IQ2_XXS: 19
    case .IQ2_XS: 20
    case .IQ3_XS: 22
    case .IQ3_XXS: 23
    case .IQ1_S: 24
    case .IQ4_NL: 25
    case .IQ3_S: 26
    case .IQ3_M: 27
    case .IQ2_S: 28
    case .IQ2_M: 29
    case .IQ4_XS: 30
    case .IQ1_M: 31
    case .BF16: 32
    case .TQ1_0: 36
    case .TQ2_0: 37
    }
  }
}

extension WeightMix {
  /// The format that the mix has for a matrix, whatever its width.
  func format(at place: WeightPlace) -> BlockFormat {
    guard mainFormat.valuesPerBlock > 1 else { return mainFormat }
    switch place.role {
    case .tokenEmbedding: return mainFormat == .q8_0 ? .q8_0 : hasSmallTable ? .q5_K : .q6_K
    case .value: return valueFormat(at: place)
    case .down: return downFormat(at: place)
    case .attentionOutput: return attentionOutputFormat
    case .query, .key: return self == .IQ3_XXS ? .iq2_s : self == .IQ3_XS ? .iq3_xxs : mainFormat
    case .gate, .up: return self == .IQ3_XS && place.isInTheMiddle ? .iq3_xxs : mainFormat
    }
  }

  /// The mixes of at most three bits a weight.
  private var isSmallest: Bool { [.IQ1_S, .IQ1_M, .IQ2_XXS, .IQ2_XS, .IQ2_S, .IQ2_M].contains(self) }
  private var hasSmallTable: Bool { isSmallest || self == .IQ3_XXS }
  /// What these mixes have where they spend more.
  private var largerFormat: BlockFormat { self == .IQ2_S || self == .IQ2_M ? .iq3_s : .q2_K }

  private func valueFormat(at place: WeightPlace) -> BlockFormat {
    switch self {
    case .Q4_K_M, .Q5_K_M: place.getsMoreBits ? .q6_K : mainFormat
    case .Q4_K_S: place.layer < 4 ? .q5_K : .q4_K
    case .Q2_K: place.groupSize >= 4 ? .q4_K : .q3_K
    case .Q3_K_M: place.layer < 2 ? .q5_K : .q4_K
    case .Q3_K_L: .q5_K
    case .IQ3_M: .q4_K
    case .IQ3_XXS, .IQ3_XS, .IQ3_S: place.groupSize >= 4 ? .q4_K : .iq3_s
    case .IQ4_NL, .IQ4_XS: place.groupSize >= 4 ? .q5_K : mainFormat
    default: isSmallest ? place.groupSize >= 4 ? .q4_K : largerFormat : mainFormat
    }
  }

  private func downFormat(at place: WeightPlace) -> BlockFormat {
    switch self {
    case .Q4_K_M, .Q5_K_M: place.getsMoreBits ? .q6_K : mainFormat
    case .Q4_K_S, .IQ4_NL, .IQ4_XS: place.isEarly ? .q5_K : mainFormat
    case .Q2_K: .q3_K
    case .Q3_K_M: place.layer < place.layerCount / 16 ? .q5_K : .q4_K
    case .Q3_K_L: .q5_K
    case .IQ3_M: place.isEarly ? .q4_K : mainFormat
    case .IQ3_XXS: place.isEarly ? .q4_K : .q3_K
    default: isSmallest && place.isEarly ? largerFormat : mainFormat
    }
  }

  private var attentionOutputFormat: BlockFormat {
    switch self {
    case .Q2_K: .q3_K
    case .Q3_K_M, .IQ3_M: .q4_K
    case .Q3_K_L: .q5_K
    case .IQ1_S, .IQ1_M: .iq2_xxs
    case .IQ2_S, .IQ2_M, .IQ3_XXS: .iq3_s
    default: mainFormat
    }
  }
}

extension BlockFormat {
  /// This format where rows of `columnCount` are whole blocks, else the one that llama.cpp takes in its
  /// place: one with blocks of 32 and about as many bits, else F16.
  func fitting(columnCount: Int) -> BlockFormat {
    if columnCount % valuesPerBlock == 0 { return self }
    let smaller: BlockFormat =
      switch self {
      case .q2_K, .q3_K, .tq1_0, .tq2_0: .q4_0
      case .q4_K: .q5_0
      case .q5_K: .q5_1
      case .q6_K: .q8_0
      case .iq1_s, .iq1_m, .iq2_xxs, .iq2_xs, .iq2_s, .iq3_xxs, .iq3_s, .iq4_xs: .iq4_nl
      default: .f16
      }
    return columnCount % smaller.valuesPerBlock == 0 ? smaller : .f16
  }
}

/// The matrices of a model by what they do: mixes give some of them more bits than others.
enum WeightRole: String, CaseIterable, Sendable {
  case tokenEmbedding = "token_embd"
  case query = "attn_q"
  case key = "attn_k"
  case value = "attn_v"
  case attentionOutput = "attn_output"
  case gate = "ffn_gate"
  case up = "ffn_up"
  case down = "ffn_down"
}

/// Where in a model a matrix is.
struct WeightPlace: Sendable {
  let role: WeightRole
  /// 0 for the embedding table.
  let layer: Int
  let layerCount: Int
  /// Query heads that share a key-value head.
  let groupSize: Int
  /// The length of a row.
  let columnCount: Int

  /// In the first eighth of the layers.
  var isEarly: Bool { layer < layerCount / 8 }

  /// Neither in the first nor in the last eighth.
  var isInTheMiddle: Bool { !isEarly && layer < 7 * layerCount / 8 }

  /// Whether the `_M` mixes spend more on this layer: the first and the last eighth, and every third between
  /// them.
  var getsMoreBits: Bool {
    isEarly || layer >= 7 * layerCount / 8 || (layer - layerCount / 8) % 3 == 2
  }
}

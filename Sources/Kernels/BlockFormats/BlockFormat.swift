/// How the numbers of a weight matrix are stored: ggml's block formats, by their field names.
///
/// A row of a matrix is a whole number of blocks. Rows follow each other without padding.
/// The bytes of each format are drawn in the file of its ``BlockDecoder``.
// swift-format-ignore: AlwaysUseLowerCamelCase
public enum BlockFormat: String, CaseIterable, Sendable {
  case f32, f16, bf16
  case q4_0, q4_1, q5_0, q5_1, q8_0
  case q2_K, q3_K, q4_K, q5_K, q6_K
  case iq1_s, iq1_m, iq2_xxs, iq2_xs, iq2_s, iq3_xxs, iq3_s, iq4_nl, iq4_xs
  case tq1_0, tq2_0
  case mxfp4, nvfp4
}

extension BlockFormat {
  /// The type that knows the bytes of this format, for questions that are asked once per tensor.
  ///
  /// Not for loops over blocks: calls through a protocol witness do not inline the conversions.
  var decoder: any BlockDecoder.Type {
    switch self {
    case .f32: F32Block.self
    case .f16: F16Block.self
    case .bf16: BF16Block.self
    case .q4_0: Q4_0Block.self
    case .q4_1: Q4_1Block.self
    case .q5_0: Q5_0Block.self
    case .q5_1: Q5_1Block.self
    case .q8_0: Q8_0Block.self
    case .q2_K: Q2_KBlock.self
    case .q3_K: Q3_KBlock.self
    case .q4_K: Q4_KBlock.self
    case .q5_K: Q5_KBlock.self
    case .q6_K: Q6_KBlock.self
    case .iq1_s: IQ1_SBlock.self
    case .iq1_m: IQ1_MBlock.self
    case .iq2_xxs: IQ2_XXSBlock.self
    case .iq2_xs: IQ2_XSBlock.self
    case .iq2_s: IQ2_SBlock.self
    case .iq3_xxs: IQ3_XXSBlock.self
    case .iq3_s: IQ3_SBlock.self
    case .iq4_nl: IQ4_NLBlock.self
    case .iq4_xs: IQ4_XSBlock.self
    case .tq1_0: TQ1_0Block.self
    case .tq2_0: TQ2_0Block.self
    case .mxfp4: MXFP4Block.self
    case .nvfp4: NVFP4Block.self
    }
  }

  /// The number of weights in one block: 1, 32, 64 or 256.
  public var valuesPerBlock: Int { decoder.valuesPerBlock }

  /// The size of one block, scales included.
  public var bytesPerBlock: Int { decoder.bytesPerBlock }

  /// The bytes that `valueCount` weights occupy.
  ///
  /// - Parameter valueCount: a multiple of ``valuesPerBlock``, small enough that its bytes can be counted
  ///   in an `Int`.
  public func byteCount(ofValues valueCount: Int) -> Int {
    valueCount / valuesPerBlock * bytesPerBlock
  }
}

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
  /// The size of a block, from the type that knows its bytes.
  private var block: (values: Int, bytes: Int) {
    func size<Block: BlockDecoder>(_: Block.Type) -> (values: Int, bytes: Int) {
      (Block.valuesPerBlock, Block.bytesPerBlock)
    }
    return switch self {
    case .f32: size(F32Block.self)
    case .f16: size(F16Block.self)
    case .bf16: size(BF16Block.self)
    case .q4_0: size(Q4_0Block.self)
    case .q4_1: size(Q4_1Block.self)
    case .q5_0: size(Q5_0Block.self)
    case .q5_1: size(Q5_1Block.self)
    case .q8_0: size(Q8_0Block.self)
    case .q2_K: size(Q2_KBlock.self)
    case .q3_K: size(Q3_KBlock.self)
    case .q4_K: size(Q4_KBlock.self)
    case .q5_K: size(Q5_KBlock.self)
    case .q6_K: size(Q6_KBlock.self)
    case .iq1_s: size(IQ1_SBlock.self)
    case .iq1_m: size(IQ1_MBlock.self)
    case .iq2_xxs: size(IQ2_XXSBlock.self)
    case .iq2_xs: size(IQ2_XSBlock.self)
    case .iq2_s: size(IQ2_SBlock.self)
    case .iq3_xxs: size(IQ3_XXSBlock.self)
    case .iq3_s: size(IQ3_SBlock.self)
    case .iq4_nl: size(IQ4_NLBlock.self)
    case .iq4_xs: size(IQ4_XSBlock.self)
    case .tq1_0: size(TQ1_0Block.self)
    case .tq2_0: size(TQ2_0Block.self)
    case .mxfp4: size(MXFP4Block.self)
    case .nvfp4: size(NVFP4Block.self)
    }
  }

  /// The number of weights in one block: 1, 32, 64 or 256.
  public var valuesPerBlock: Int { block.values }

  /// The size of one block, scales included.
  public var bytesPerBlock: Int { block.bytes }

  /// The bytes that `valueCount` weights occupy.
  ///
  /// - Parameter valueCount: a multiple of ``valuesPerBlock``, small enough that its bytes can be counted
  ///   in an `Int`.
  public func byteCount(ofValues valueCount: Int) -> Int {
    valueCount / valuesPerBlock * bytesPerBlock
  }
}

/// How a tensor's values are stored: every type that GGUF files can name, also those that the engine cannot
/// compute with, so that any file can be described.
///
/// A type stores rows as whole blocks: ``blockSize`` consecutive values of a row in ``blockByteCount`` bytes.
/// The ids are fixed by the format (`enum ggml_type` in ggml's `ggml.h`); the missing ones were given up.
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum TensorType: UInt32, CaseIterable, Hashable, Sendable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2_K = 10
  case q3_K = 11
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case q8_K = 15
  case iq2_XXS = 16
  case iq2_XS = 17
  case iq3_XXS = 18
  case iq1_S = 19
  case iq4_NL = 20
  case iq3_S = 21
  case iq2_S = 22
  case iq4_XS = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1_M = 29
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35
  case mxfp4 = 39
  case nvfp4 = 40
  case q1_0 = 41
  case q2_0 = 42

  /// The name that people and file names use, such as `Q4_K`.
  package var name: String { layout.name }

  /// Values in a block; 1 for the types that are not quantized.
  package var blockSize: Int { layout.blockSize }

  /// Bytes of a block.
  package var blockByteCount: Int { layout.blockByteCount }

  /// Bits a value takes, with its share of the block's scales: 4.5 for `Q4_K`.
  package var bitsPerValue: Double { Double(8 * blockByteCount) / Double(blockSize) }

  // The sums follow the fields of a block: scales (2 for a half, 1 for a byte or an eight-bit float), then
  // the packed values.
  private var layout: (name: String, blockSize: Int, blockByteCount: Int) {
    switch self {
    case .f64: ("F64", 1, 8)
    case .f32: ("F32", 1, 4)
    case .f16: ("F16", 1, 2)
    case .bf16: ("BF16", 1, 2)
    case .i8: ("I8", 1, 1)
    case .i16: ("I16", 1, 2)
    case .i32: ("I32", 1, 4)
    case .i64: ("I64", 1, 8)
    case .q1_0: ("Q1_0", 128, 2 + 16)
    case .q2_0: ("Q2_0", 64, 2 + 16)
    case .q4_0: ("Q4_0", 32, 2 + 16)
    case .q4_1: ("Q4_1", 32, 2 + 2 + 16)
    case .q5_0: ("Q5_0", 32, 2 + 4 + 16)
    case .q5_1: ("Q5_1", 32, 2 + 2 + 4 + 16)
    case .q8_0: ("Q8_0", 32, 2 + 32)
    case .q8_1: ("Q8_1", 32, 4 + 4 + 32)
    case .q2_K: ("Q2_K", 256, 16 + 64 + 2 + 2)
    case .q3_K: ("Q3_K", 256, 32 + 64 + 12 + 2)
    case .q4_K: ("Q4_K", 256, 2 + 2 + 12 + 128)
    case .q5_K: ("Q5_K", 256, 2 + 2 + 12 + 32 + 128)
    case .q6_K: ("Q6_K", 256, 128 + 64 + 16 + 2)
    case .q8_K: ("Q8_K", 256, 4 + 256 + 32)
    case .iq1_S: ("IQ1_S", 256, 2 + 32 + 16)
    case .iq1_M: ("IQ1_M", 256, 32 + 16 + 8)
    case .iq2_XXS: ("IQ2_XXS", 256, 2 + 64)
    case .iq2_XS: ("IQ2_XS", 256, 2 + 64 + 8)
    case .iq2_S: ("IQ2_S", 256, 2 + 64 + 8 + 8)
    case .iq3_XXS: ("IQ3_XXS", 256, 2 + 96)
    case .iq3_S: ("IQ3_S", 256, 2 + 64 + 8 + 32 + 4)
    case .iq4_NL: ("IQ4_NL", 32, 2 + 16)
    case .iq4_XS: ("IQ4_XS", 256, 2 + 2 + 4 + 128)
    case .tq1_0: ("TQ1_0", 256, 48 + 4 + 2)
    case .tq2_0: ("TQ2_0", 256, 64 + 2)
    case .mxfp4: ("MXFP4", 32, 1 + 16)
    case .nvfp4: ("NVFP4", 64, 4 + 32)
    }
  }

  /// The name of a type that once had `id` and that no current program writes.
  static func retiredName(id: UInt32) -> String? {
    switch id {
    case 4: "Q4_2"
    case 5: "Q4_3"
    case 31: "Q4_0_4_4"
    case 32: "Q4_0_4_8"
    case 33: "Q4_0_8_8"
    case 36: "IQ4_NL_4_4"
    case 37: "IQ4_NL_4_8"
    case 38: "IQ4_NL_8_8"
    default: nil
    }
  }
}

extension TensorType: CustomStringConvertible {
  package var description: String { name }
}

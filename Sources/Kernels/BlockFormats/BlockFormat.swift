/// How the numbers of a weight matrix are stored: ggml's block formats, by their field names.
///
/// A row of a matrix is a whole number of blocks. Rows follow each other without padding.
// swift-format-ignore: AlwaysUseLowerCamelCase
public enum BlockFormat: String, CaseIterable, Sendable {
  case f32, f16, bf16
  case q4_0, q4_1, q5_0, q5_1, q8_0
  case q2_K, q3_K, q4_K, q5_K, q6_K
  case iq4_nl, iq4_xs
}

import Kernels

/// The precision in which activations meet the weights. The weights are those of the file; F32, F16 and
/// BF16 weights always meet float32 activations. In every precision a vector has the same bits on every
/// processor, for any batch and any number of threads.
public enum ActivationPrecision: String, CaseIterable, Codable, Sendable {
  /// 16-bit integers, a scale for each 32, exact dot products: about 1e-9 of 1 − cosine from float32, and
  /// twice as fast. The default.
  case i16
  /// 8-bit integers, a scale for each 32: the fastest.
  case i8
  /// Weights are dequantized and multiplied in float32: the reference.
  case f32

  var integers: IntegerPrecision? {
    switch self {
    case .i16: .i16
    case .i8: .i8
    case .f32: nil
    }
  }
}

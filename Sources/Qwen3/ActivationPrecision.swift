/// The precision in which activations meet the weights. The weights are what the file holds.
public enum ActivationPrecision: String, CaseIterable, Sendable {
  /// Weights are dequantised and multiplied in float32: the reference.
  case f32
}

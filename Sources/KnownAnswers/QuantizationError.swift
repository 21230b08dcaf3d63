import Touchstone

/// How far answers may be from published ones because a file's weights are quantized.
///
/// From two measurements of `tools/quantization_error.py`. The relative mean square error of a format's
/// weights, e: what quantizing normally distributed weights loses. And the demonstration model with noise of
/// that size on every matrix: over 49 texts 1 − cos is 1.5 e in the median, 4 e to 14 e at the 95th
/// percentile by the size of the noise, and 41 e at most; the cosine of two texts moves by 0.6 √e to 1.0 √e
/// at the 95th percentile, for e up to 0.16. The official models have seven to nine times as many layers:
/// more than twice that is allowed. What the other side lost comes on top.
package struct QuantizationError: Sendable, Equatable {
  /// e, over all weights of a file.
  package let meanSquare: Double
  /// What the activations of this engine add to 1 − cos where they are massive, as in trained models:
  /// README.md.
  private let activationDistance: Double

  /// - Returns: nil where the file has a format that the engine does not compute.
  package init?(of inspection: ModelInspection, activations: ActivationPrecision) {
    var (sum, count) = (0.0, 0)
    for use in inspection.blockFormats {
      guard let error = Self.meanSquares[use.name] else { return nil }
      sum += error * Double(use.parameterCount)
      count += use.parameterCount
    }
    meanSquare = sum / Double(max(1, count))
    activationDistance =
      switch activations {
      case .f32: 0
      case .i16: 2e-6
      case .i8: 4e-3
      }
  }

  /// 1 − cos of a vector whose published counterpart was computed in float32. Never above 0.5: vectors that
  /// have nothing to do with each other must not pass.
  package var distance: Double { min(0.5, 30 * meanSquare + activationDistance + 1e-6) }

  /// The same where it is estimated from a few components, which may be off by a half, and the precision of
  /// the published vector is not known.
  package var estimatedDistance: Double { min(0.75, 2 * distance + 1e-3) }

  /// The difference of a cosine, published with four digits and computed in a precision that is not said.
  package var similarity: Double {
    min(0.25, 2.25 * meanSquare.squareRoot() + activationDistance.squareRoot() + 2e-3)
  }

  /// The difference of a probability. Published scores are of a Q8_0 file in llama.cpp, and near 0 and 1,
  /// where little moves them; what quantizing does to a reranker was not measured.
  package var score: Double { min(0.25, 0.02 + similarity) }

  /// e by the name of the format in files.
  package static let meanSquares: [String: Double] = [
    "F32": 0, "F16": 4.3e-8, "BF16": 2.8e-6, "Q8_0": 2.9e-5, "Q6_K": 3.1e-4, "Q5_K": 1.3e-3, "Q5_1": 1.4e-3,
    "Q5_0": 1.8e-3, "Q4_K": 5.6e-3, "Q4_1": 6.2e-3, "IQ4_NL": 6.2e-3, "IQ4_XS": 6.2e-3, "NVFP4": 7e-3,
    "Q4_0": 7.5e-3, "MXFP4": 1.3e-2, "IQ3_S": 1.7e-2, "IQ3_XXS": 2.6e-2, "Q3_K": 2.8e-2, "IQ2_S": 5.7e-2,
    "IQ2_XS": 6.8e-2, "Q2_K": 7.7e-2, "IQ2_XXS": 9.3e-2, "IQ1_M": 0.18, "IQ1_S": 0.21, "TQ1_0": 0.66,
    "TQ2_0": 0.66,
  ]
}

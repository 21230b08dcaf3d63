/// How the rotation of a model is stretched beyond the context that it was first trained with.
///
/// Both kinds are those of transformers (`modeling_rope_utils.py`), with the same roundings to float32, and
/// of llama.cpp.
public enum RotaryScaling: Sendable, Equatable {
  case none
  /// Positions are divided by `factor`.
  case linear(factor: Float)
  case yarn(YarnScaling)

  /// The frequency of each pair of a head, [width / 2], and the factor on all cosines and sines.
  ///
  /// - Parameters:
  ///   - width: the components of a head that turn, an even number.
  ///   - theta: the base, at least 1; above 1 for YaRN.
  package func frequencies(width: Int, theta: Float) -> (values: [Float], magnitude: Float) {
    let logarithm = DoubleMath.logarithm(Double(theta))
    let powers = (0..<width / 2).map { index in
      Float(DoubleMath.exponential(Double(Float(2 * index) / Float(width)) * logarithm))
    }
    switch self {
    case .none: return (powers.map { 1 / $0 }, 1)
    case .linear(let factor): return (powers.map { 1 / $0 / factor }, 1)
    case .yarn(let yarn):
      let ramp = yarn.ramp(width: width, logarithm: logarithm)
      let values = zip(powers, ramp).map { power, share in
        1 / (yarn.factor * power) * (1 - share) + 1 / power * share
      }
      return (values, yarn.magnitude)
    }
  }
}

/// YaRN (Peng et al. 2023): fast frequencies stay as they are, slow ones are divided by a factor, and those
/// between are mixed; and attention is sharpened, by a factor on queries and keys.
public struct YarnScaling: Sendable, Equatable {
  /// By how much the context is longer than ``originalContextLength``.
  public var factor: Float
  /// The positions that the model was first trained with.
  public var originalContextLength: Int
  /// A frequency that turns more often than this within the original context stays as it is.
  public var betaFast: Float = 32
  /// A frequency that turns less often than this is divided by ``factor``.
  public var betaSlow: Float = 1
  /// How much of the fast frequencies stays: 1, or 0 for a linear scaling.
  public var extrapolation: Float = 1
  /// On top of the factor that ``factor`` calls for.
  public var attentionFactor: Float = 1
  /// Where it is not 0, what ``factor`` calls for is divided by `1 + 0.1 · this · ln(factor)`.
  public var logMultiplier: Float = 0

  public init(factor: Float, originalContextLength: Int) {
    self.factor = factor
    self.originalContextLength = originalContextLength
  }

  /// The factor on cosines and sines: `1 + 0.1 · ln(factor)` unless the file says otherwise.
  var magnitude: Float {
    func scale(_ multiplier: Double) -> Double {
      factor <= 1 ? 1 : 0.1 * multiplier * DoubleMath.logarithm(Double(factor)) + 1
    }
    guard extrapolation != 0 else { return attentionFactor }
    return Float(scale(1) / (logMultiplier == 0 ? 1 : scale(Double(logMultiplier))) * Double(attentionFactor))
  }

  /// For each pair the share of its frequency that is not divided: 1 for the first and fastest, 0 for the
  /// last.
  func ramp(width: Int, logarithm: Double) -> [Float] {
    // The pair that turns `rotations` times within the original context.
    func pair(_ rotations: Float) -> Double {
      let turns = Double(originalContextLength) / (Double(rotations) * 2 * Double.pi)
      return Double(width) * DoubleMath.logarithm(turns) / (2 * logarithm)
    }
    let low = Float(max(pair(betaFast).rounded(.down), 0))
    let end = min(pair(betaSlow).rounded(.up), Double(width - 1))
    let high = Float(end) == low ? Float(end + 0.001) : Float(end)
    return (0..<width / 2).map { index in
      (1 - min(max((Float(index) - low) / (high - low), 0), 1)) * extrapolation
    }
  }
}

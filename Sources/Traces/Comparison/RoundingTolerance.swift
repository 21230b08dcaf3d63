import Qwen3

/// How far apart two right computations may be at a place: a multiple of what one rounding does, that grows
/// with the number of layers as independent errors add up.
///
///     tolerance(layer l) = 8 · ε · √(1 + l), and at most 4 times that where what goes in is inexact already
///
/// - ε is the error of one matrix product relative to the length of its result, both sides' together:
///   `√(εA² + εB²)`. See ``unit(of:longestSum:)``.
/// - √(1 + l), since the roundings of different layers are independent: their errors add as squares. The
///   residual stream carries all of them.
/// - 8 = √7 · 3: a layer has seven matrix products, and the largest of many rows is some three times what is
///   usual.
///
/// - Where the inputs of an operation differ by e, its result may differ by 2e, since SwiGLU multiplies two
///   of them; that of attention by 8e, since softmax makes the error of a score, some units large, a relative
///   error of its weight. So a model with sharp attention is not accused of its own noise, and a mistake
///   still shows, as it begins with inputs that agree.
///
/// What only looks up numbers is as exact as the numbers are stored.
package struct RoundingTolerance: Equatable, Sendable {
  private let unit: Double
  private let storageUnit: Double
  private let layerCount: Int

  static let safety = 8.0

  /// - Parameter longestSum: terms of the longest sum in the model, which is the feed-forward size as a rule.
  package init(_ a: TracePrecision, _ b: TracePrecision, longestSum: Int, layerCount: Int) {
    func combined(_ unit: (TracePrecision) -> Double) -> Double {
      (unit(a) * unit(a) + unit(b) * unit(b)).squareRoot()
    }
    unit = combined { Self.unit(of: $0, longestSum: longestSum) }
    storageUnit = combined(Self.storageUnit)
    self.layerCount = layerCount
  }

  /// The tolerance of each place of a walk, given the errors found there.
  func along(_ walk: [(point: TracePoint, error: Double)]) -> [Double] {
    var tolerances: [Double] = []
    // The largest error, within tolerance, of this layer so far and of what it began with.
    var inputError = 0.0
    for (index, (point, error)) in walk.enumerated() {
      if index > 0, walk[index - 1].point.layer != point.layer {
        let last = walk[index - 1].error
        inputError = last <= tolerances[index - 1] ? last : 0
      }
      let base = at(point)
      let gain = point.name == .intermediate(.attention) ? Self.attentionGain : Self.gain
      let tolerance = min(Self.largestGrowth * base, max(base, gain * inputError))
      tolerances.append(tolerance)
      if error <= tolerance { inputError = max(inputError, error) }
    }
    return tolerances
  }

  private static let gain = 2.0
  private static let attentionGain = 8.0
  private static let largestGrowth = 4.0

  /// The tolerance where all inputs are exact.
  func at(_ point: TracePoint) -> Double {
    if point == TracePoint(.embedding) { return Self.safety * storageUnit }
    return Self.safety * unit * Double(1 + (point.layer ?? layerCount)).squareRoot()
  }

  /// The root of the mean square of one product's error, relative to that of its result.
  ///
  /// - float32: every addition of a sum of n terms rounds what has been summed so far, by up to 2⁻²⁴ of it.
  ///   With terms of random sign that makes 2⁻²⁴ · √(n / 6).
  /// - half and bfloat16: products are summed in float32, and the result is rounded, by up to 2⁻¹¹ or 2⁻⁸, in
  ///   the mean square a √12th of that step.
  /// - integers of b bits: the step is the largest of a block's numbers / (2^(b−1) − 1), and the largest of
  ///   32 random numbers is about 2.5 times their root mean square, of 256 about 3.
  static func unit(of precision: TracePrecision, longestSum: Int) -> Double {
    switch precision {
    case .f32: 0x1p-24 * (Double(max(longestSum, 24)) / 6).squareRoot()
    case .i16: 2.5 / 32767 / 12.0.squareRoot()
    case .f16: 0x1p-10 / 12.0.squareRoot()
    case .bf16: 0x1p-7 / 12.0.squareRoot()
    case .i8: 2.5 / 127 / 12.0.squareRoot()
    case .q8K: 3.0 / 127 / 12.0.squareRoot()
    }
  }

  /// The same for a number that is only stored. Integers are made of activations, not of the embedding table.
  private static func storageUnit(_ precision: TracePrecision) -> Double {
    switch precision {
    case .f32, .i16, .i8, .q8K: 0x1p-24
    case .f16: unit(of: .f16, longestSum: 0)
    case .bf16: unit(of: .bf16, longestSum: 0)
    }
  }
}

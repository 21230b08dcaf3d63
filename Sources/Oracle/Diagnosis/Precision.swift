/// Classes of arithmetic that a correct engine may have.
package enum Precision: String, CaseIterable, Sendable {
  case float32
  /// As this engine has them by default: too fine to be emulated, so its bound is a figure, not a measurement.
  case sixteenBit = "16-bit activations"
  case half
  case bfloat16
  case eightBit = "8-bit activations"

  /// nil: not emulated.
  var rounding: TransformerRule.Rounding? {
    switch self {
    case .float32, .sixteenBit: nil
    case .half: .half
    case .bfloat16: .bfloat16
    case .eightBit: .eightBit
    }
  }
}

/// How far the rounding of each class moves the vectors of this model: measured by emulation, not assumed.
package struct NoiseFloor: Sendable {
  package struct Level: Sendable {
    package let precision: Precision
    /// Differences: the lower quartile and the largest over the probes that were measured.
    package let quartile: Double
    package let largest: Double
  }

  let measure: Measure
  /// From the finest to the coarsest.
  package let levels: [Level]

  /// What a difference may be at most in a class.
  package func bound(_ level: Level) -> Double {
    level.precision == .sixteenBit
      ? measure.sixteenBitBound : max(measure.float32Bound, level.largest * measure.allowance)
  }

  /// The finest class that these differences can be of. Their lower quartile decides, which mistakes in some of the texts
  /// do not move.
  func level(of differences: [Double]) -> Level? {
    let quartile = Statistics.quartile(differences)
    let (float32, sixteenBit) = (measure.float32Bound, measure.sixteenBitBound)
    if quartile <= sixteenBit,
      differences.contains(where: { $0 > float32 && $0 <= sixteenBit }),
      quartile <= float32 || differences.allSatisfy({ $0 <= sixteenBit })
    {
      return Level(precision: .sixteenBit, quartile: 0, largest: 0)
    }
    if quartile <= float32, let finest = levels.first { return finest }
    return levels.dropFirst()
      .filter { $0.quartile > 0 && quartile <= $0.quartile * measure.allowance }
      .min { Self.ratio(quartile, $0.quartile) < Self.ratio(quartile, $1.quartile) }
  }

  private static func ratio(_ a: Double, _ b: Double) -> Double { max(a / b, b / a) }
}

extension NoiseFloor {
  /// Emulates `recipe` in each class, on a few short probes.
  static func measure(_ emulator: Emulator, _ probes: [Probe], _ recipe: Recipe) throws(OracleError)
    -> NoiseFloor
  {
    var levels = [Level(precision: .float32, quartile: 0, largest: 0)]
    for precision in Precision.allCases {
      guard let rounding = precision.rounding else { continue }
      var rounded = recipe
      rounded.transformer.rounding = rounding
      var differences: [Double] = []
      for probe in probes {
        guard let exact = try emulator.vector(of: probe, recipe),
          let other = try emulator.vector(of: probe, rounded)
        else { continue }
        let difference = emulator.measure.difference(other, exact, recipe.score)
        if difference.isFinite { differences.append(difference) }
      }
      guard !differences.isEmpty else { continue }
      levels.append(
        Level(
          precision: precision, quartile: Statistics.quartile(differences),
          largest: differences.max() ?? 0))
    }
    return NoiseFloor(
      measure: emulator.measure,
      levels: [levels[0]] + levels.dropFirst().sorted { $0.quartile < $1.quartile })
  }
}

enum Statistics {
  /// The value at a quarter of the sorted values; 0 of none.
  static func quartile(_ values: [Double]) -> Double { at(values, 0.25) }
  static func median(_ values: [Double]) -> Double { at(values, 0.5) }

  private static func at(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
  }
}

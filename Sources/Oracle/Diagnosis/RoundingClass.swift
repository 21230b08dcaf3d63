/// Which class of rounding moved the vectors: told by where they were moved to, where the sizes alone leave
/// several.
///
/// Engines of a class round the same weights, and the first results of a pass, alike. So what their vectors
/// are off by points where the emulation of the class points, more or less (correlations of 0.1 to 0.6 with
/// transformers); the emulation of another class points elsewhere.
struct RoundingClass {
  let emulator: Emulator
  let probes: [Probe]
  let observed: [String: [Float]]

  /// Classes whose sizes are so many times farther off than the nearest's are not asked about.
  private static let sizeRatio = 4.0
  /// In standard errors: how much better one class must point than another.
  private static let clearAdvantage = 2.0

  /// The class, or the classes that it may be, the likeliest first.
  ///
  /// - Parameters:
  ///   - fit: the best, whose class was chosen by the size of the differences.
  ///   - noise: of the fit's recipe.
  func classes(of fit: Fit, _ noise: NoiseFloor) throws(OracleError) -> [Precision] {
    guard let level = fit.level else { return [] }
    guard level.quartile != nil else { return [level.precision] }
    let quartile = Statistics.quartile(Array(fit.differences.values))
    let limit = NoiseFloor.ratio(quartile, level) * Self.sizeRatio
    let near = noise.possible(quartile).filter { NoiseFloor.ratio(quartile, $0) < limit }.map(\.precision)
    var correlations: [(precision: Precision, parts: [Double])] = []
    for precision in near {
      correlations.append((precision, try correlation(with: precision, fit.hypothesis.recipe)))
    }
    let clear = correlations.first { one in
      correlations.allSatisfy { other in
        other.precision == one.precision || Self.isClearly(one.parts, above: other.parts)
      }
    }
    if let clear { return [clear.precision] }
    return [level.precision] + near.filter { $0 != level.precision }
  }

  /// By a paired test over the probes.
  private static func isClearly(_ a: [Double], above b: [Double]) -> Bool {
    let advantages = zip(a, b).map { $0 - $1 }
    let error = advantages.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return a.reduce(0, +) > 0 && error > 0 && advantages.reduce(0, +) > clearAdvantage * error
  }

  /// The parts of a correlation, one for each probe; their sum is 1 where all is rounded alike, and about 0
  /// where nothing is. Correlated are what was seen and what the class's emulation gives, each less the exact
  /// result.
  private func correlation(
    with precision: Precision, _ recipe: Recipe
  ) throws(OracleError) -> [Double] {
    guard let rounding = precision.rounding else { return [] }
    var rounded = recipe
    rounded.transformer.rounding = rounding
    try emulator.prepare(probes, rounded)
    var products: [Double] = []
    var (seenSquare, emulatedSquare) = (0.0, 0.0)
    for probe in probes {
      guard let vector = observed[probe.name], let exact = try emulator.vector(of: probe, recipe),
        let other = try emulator.vector(of: probe, rounded),
        let seen = emulator.measure.shift(vector, exact, recipe.score),
        let emulated = emulator.measure.shift(other, exact, recipe.score)
      else {
        products.append(0)
        continue
      }
      products.append(zip(seen, emulated).reduce(0) { $0 + $1.0 * $1.1 })
      seenSquare += seen.reduce(0) { $0 + $1 * $1 }
      emulatedSquare += emulated.reduce(0) { $0 + $1 * $1 }
    }
    let length = (seenSquare * emulatedSquare).squareRoot()
    return length > 0 ? products.map { $0 / length } : products.map { _ in 0 }
  }
}

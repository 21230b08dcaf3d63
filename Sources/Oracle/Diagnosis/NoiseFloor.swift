/// How far the rounding of each class moves the vectors of this model: measured by emulation, not assumed.
package struct NoiseFloor: Sendable {
  package struct Level: Sendable {
    package let precision: Precision
    /// The lower quartile of the differences over the probes that were measured; nil where the class is not
    /// emulated.
    package let quartile: Double?
    /// What a difference may be at most.
    package let bound: Double
    /// What the lower quartile of differences may be at most.
    let quartileBound: Double

    /// A class with a figure for its bound.
    init(_ precision: Precision, bound: Double) {
      self.precision = precision
      quartile = nil
      self.bound = bound
      quartileBound = bound
    }

    /// A class whose differences were measured.
    init(_ precision: Precision, _ differences: [Double], _ measure: Measure) {
      self.precision = precision
      let quartile = Statistics.quartile(differences)
      self.quartile = quartile
      bound = max(measure.float32Bound, (differences.max() ?? 0) * measure.allowance)
      quartileBound = quartile * measure.allowance
    }
  }

  /// From the finest to the coarsest; first those with figures.
  package let levels: [Level]

  /// The finest class that these differences can be of. Their lower quartile decides, which mistakes in some
  /// of the texts do not move.
  func level(of differences: [Double]) -> Level? {
    let quartile = Statistics.quartile(differences)
    let emulated = nearest(quartile)
    func explained(_ level: Level?) -> Int {
      level.map { level in differences.count { $0 <= level.bound } } ?? 0
    }

    let fine = levels.filter { $0.quartile == nil }
    guard let finest = fine.first, quartile <= finest.bound else {
      // Between the figures and the measurements: the finer class, unless the coarser one explains more.
      return fine.first { quartile <= $0.bound && explained($0) >= explained(emulated) } ?? emulated
    }
    // Not the coarser classes: what is off in some texts only is a mistake in these, and their bounds would
    // hide it. Of classes that explain as much, the finer one.
    let most = fine.map(explained).max() ?? 0
    return fine.first { explained($0) == most }
  }

  /// The emulated class whose own quartile is nearest, and not far below.
  private func nearest(_ quartile: Double) -> Level? {
    possible(quartile).min { Self.ratio(quartile, $0) < Self.ratio(quartile, $1) }
  }

  /// The emulated classes that differences with this lower quartile can be of.
  func possible(_ quartile: Double) -> [Level] {
    levels.filter { ($0.quartile ?? 0) > 0 && quartile <= $0.quartileBound }
  }

  /// How far apart a quartile and a class's own are, 1 or more.
  static func ratio(_ quartile: Double, _ level: Level) -> Double {
    let own = level.quartile ?? 0
    return max(quartile / own, own / quartile)
  }
}

extension NoiseFloor {
  /// Emulates `recipe` in each class, on a few short probes.
  ///
  /// - Parameter stored: the grid that the numbers which were seen lie on, and the length of their vectors.
  static func measure(
    _ emulator: Emulator, _ probes: [Probe], _ recipe: Recipe,
    stored grid: (NumberGrid, length: Double)? = nil
  ) throws(OracleError) -> NoiseFloor {
    let measure = emulator.measure
    var emulated: [Level] = []
    for (precision, rounding) in Precision.emulated {
      var rounded = recipe
      rounded.transformer.rounding = rounding
      try emulator.prepare(probes, rounded)
      var differences: [Double] = []
      for probe in probes {
        guard let exact = try emulator.vector(of: probe, recipe),
          let other = try emulator.vector(of: probe, rounded)
        else { continue }
        let difference = measure.difference(other, exact, recipe.score)
        if difference.isFinite { differences.append(difference) }
      }
      if !differences.isEmpty { emulated.append(Level(precision, differences, measure)) }
    }
    var stored: [Level] = []
    if let (grid, length) = grid, measure == .vectors {
      var largest = 0.0
      for probe in probes {
        guard let exact = try emulator.vector(of: probe, recipe) else { continue }
        let difference = measure.difference(grid.rounded(exact, length: length), exact, recipe.score)
        if difference.isFinite { largest = max(largest, difference) }
      }
      // What arithmetic adds to a rounding that is certain: as much again, and the finest class.
      stored = [Level(.stored(grid), bound: 2 * largest + measure.float32Bound)]
    }
    return NoiseFloor(
      levels: [Level(.float32, bound: measure.float32Bound)] + stored
        + [Level(.sixteenBit, bound: measure.sixteenBitBound)]
        + emulated.sorted { ($0.quartile ?? 0) < ($1.quartile ?? 0) })
  }
}

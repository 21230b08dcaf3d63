/// What the numbers of the vectors say by themselves: lengths, counts, repetitions.
struct VectorChecks {
  let emulator: Emulator
  let probes: [Probe]
  let observations: Observations

  /// How far from 1 the length of a normalized vector may be: half precision in transport, or the grid that
  /// its numbers lie on.
  private let lengthTolerance: Double

  init(
    _ emulator: Emulator, _ probes: [Probe], _ observations: Observations, grid: NumberGrid? = nil
  ) {
    lengthTolerance = 5e-3 + (grid?.lengthTolerance(count: emulator.configuration.hiddenSize) ?? 0)
    self.emulator = emulator
    self.probes = probes
    self.observations = observations
  }

  private var answered: [(probe: Probe, vector: [Float])] {
    probes.compactMap { probe in observations[probe.name]?.vector.map { (probe, $0) } }
  }

  /// Mistakes 13, 14 and 15.
  func lengths(_ recipe: Recipe) throws(OracleError) -> [Verdict.Diagnosis] {
    let full = answered.filter { $0.probe.dimensions == nil }
    let cut = answered.filter { $0.probe.dimensions != nil }
    var diagnoses: [Verdict.Diagnosis] = []
    let ignored = cut.filter { $0.vector.count != $0.probe.dimensions }
    if let first = ignored.first {
      diagnoses.append(
        Verdict.Diagnosis(
          id: "dimensions-ignored", number: 14,
          title: "dimensions is ignored",
          evidence: "\(first.probe.dimensions ?? 0) components were asked for and \(first.vector.count) came",
          remedy: "cut the vector to the first components, then normalize; until then do so in the client"))
    }
    let lengths = full.map { Self.length($0.vector) }
    let isNormalized = lengths.allSatisfy { abs($0 - 1) < lengthTolerance }
    if !isNormalized, !lengths.isEmpty { diagnoses.append(try notNormalized(full, lengths, recipe)) }
    let short = cut.filter { $0.vector.count == $0.probe.dimensions }.map { Self.length($0.vector) }
    if isNormalized, let shortest = short.min(), shortest < 1 - lengthTolerance {
      diagnoses.append(
        Verdict.Diagnosis(
          id: "slice-not-normalised", number: 13, title: "vectors that are cut are not normalized again",
          evidence: "whole vectors have length 1, those of fewer dimensions \(Figures.short(shortest)) to "
            + "\(Figures.short(short.max() ?? 0))",
          remedy: "cut first, then normalize"))
    }
    return diagnoses
  }

  private func notNormalized(
    _ full: [(probe: Probe, vector: [Float])], _ lengths: [Double], _ recipe: Recipe
  ) throws(OracleError) -> Verdict.Diagnosis {
    var ratios: [Double] = []
    var isSlice = true
    for (item, length) in zip(full, lengths).prefix(4) {
      guard let state = try emulator.state(of: item.probe, recipe) else { continue }
      let slice = Self.length(Array(state.prefix(item.vector.count)))
      ratios.append(length / slice)
      if abs(length - slice / Self.length(state)) > lengthTolerance { isSlice = false }
    }
    if isSlice, full.contains(where: { $0.vector.count < emulator.configuration.hiddenSize }) {
      return Verdict.Diagnosis(
        id: "slice-not-normalised", number: 13, title: "vectors that are cut are not normalized again",
        evidence:
          "their lengths are \(Figures.short(lengths.min() ?? 0)) to \(Figures.short(lengths.max() ?? 0)), those of "
          + "the first components of whole vectors", remedy: "cut first, then normalize")
    }
    let isState = ratios.allSatisfy { abs($0 - 1) < 0.02 }
    return Verdict.Diagnosis(
      id: "vector-not-normalised", number: 15, title: "vectors are not normalized",
      evidence:
        "their lengths are \(Figures.short(lengths.min() ?? 0)) to \(Figures.short(lengths.max() ?? 0))"
        + (isState
          ? ", those of the pooled states themselves" : ", and those of the pooled states are others"),
      remedy: "divide by the length, or compare by cosine (llama.cpp: embd_normalize 2; TEI: normalize true)")
  }

  /// Mistakes 7 and 22, as far as the same text twice shows them.
  func repetitions(bound: Double, _ rule: ScoreRule) -> [Verdict.Diagnosis] {
    let pairs = answered.compactMap { item -> (String, Double)? in
      guard let name = item.probe.repeated, let first = observations[name]?.vector,
        first.count == item.vector.count
      else { return nil }
      return (name, emulator.measure.difference(item.vector, first, rule))
    }
    guard let worst = pairs.max(by: { $0.1 < $1.1 }), worst.1 > bound else { return [] }
    return [
      Verdict.Diagnosis(
        id: "depends-on-batch", number: 7,
        title: "the same input has different \(emulator.measure.noun) in one set",
        evidence:
          "'\(worst.0)' a second time differs by \(emulator.measure.symbol) \(Figures.short(worst.1))",
        remedy: "look at padding and masks in batches, and at caches of prompts that are kept")
    ]
  }

  static func length(_ vector: [Float]) -> Double {
    vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}

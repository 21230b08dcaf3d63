/// Mistake 11: vectors that are not finite, and failures where half precision overflows.
struct OverflowCheck {
  let emulator: Emulator
  let probes: [Probe]
  let observations: Observations

  /// Probes of each sort that are computed in half precision: an emulation of a large model takes seconds.
  private static let probeLimit = 4

  init(_ emulator: Emulator, _ probes: [Probe], _ observations: Observations) {
    self.emulator = emulator
    self.probes = probes
    self.observations = observations
  }

  func diagnoses() throws(OracleError) -> [Verdict.Diagnosis] {
    let broken = try some { if case .notFinite = $0 { true } else { false } }
    if broken.count > 0 { return [try notFinite(broken)] }
    let failed = try some { if case .failed = $0 { true } else { false } }
    guard failed.count > 0, try overflows(failed) == failed.tried.count else { return [] }
    let answered = try some { $0.vector != nil }
    let contradicting = try overflows(answered)
    // One that has a vector where half precision has none is computed in more.
    guard contradicting == 0 else { return [] }
    let tried = failed.tried.count + answered.tried.count
    return [
      Verdict.Diagnosis(
        id: "not-finite", number: 11, title: "half precision overflows, and the other side fails",
        evidence:
          "the other side fails on \(failed.count) of \(observations.count) probes; with every result rounded to "
          + "half precision the reference overflows on all \(failed.tried.count) of them that were tried ("
          + "\(names(failed.tried))) and on none of \(answered.tried.count) that have \(emulator.measure.noun)",
        remedy: Self.remedy, confidence: 1 - 1 / Double(tried + 1))
    ]
  }

  private static let remedy = "compute in bfloat16 or float32: activations of this model exceed 65504"

  private func notFinite(_ broken: Sample) throws(OracleError) -> Verdict.Diagnosis {
    let noun = emulator.measure.noun
    let count = try overflows(broken)
    let proof =
      count > 0
      ? "; with every result rounded to half precision the reference overflows too, on \(count) of "
        + "\(broken.tried.count) that were tried"
      : "; the reference, rounded to half precision, stays finite on \(names(broken.tried)): look for a division by 0, "
        + "or a row that a mask hides whole"
    return Verdict.Diagnosis(
      id: "not-finite", number: 11,
      title: "\(noun) hold NaN or infinity" + (count > 0 ? ": half precision overflows" : ""),
      evidence:
        "\(broken.count) of \(observations.count) \(noun) are not finite: \(names(broken.tried))"
        + (broken.count > broken.tried.count ? " and \(broken.count - broken.tried.count) more" : "") + proof,
      remedy: count > 0 ? Self.remedy : "compute in float32 first, to see whether the precision is the cause")
  }

  /// How many probes are of a sort, and the shortest of them.
  private typealias Sample = (count: Int, tried: [Probe])

  private func some(_ isWanted: (Observation) -> Bool) throws(OracleError) -> Sample {
    var lengths: [(probe: Probe, length: Int)] = []
    for probe in probes where observations[probe.name].map(isWanted) ?? false {
      lengths.append((probe, try emulator.ids(of: probe, .reference).count))
    }
    let shortest = lengths.sorted { $0.length < $1.length }.prefix(Self.probeLimit).map(\.probe)
    return (lengths.count, shortest)
  }

  /// How many of these the reference cannot compute in half precision.
  private func overflows(_ sample: Sample) throws(OracleError) -> Int {
    var recipe = Recipe.reference
    recipe.transformer.rounding = .half
    try emulator.prepare(sample.tried, recipe)
    var count = 0
    for probe in sample.tried {
      if let vector = try emulator.vector(of: probe, recipe), !vector.allSatisfy(\.isFinite) { count += 1 }
    }
    return count
  }

  private func names(_ probes: [Probe]) -> String { probes.map { "'\($0.name)'" }.joined(separator: ", ") }
}

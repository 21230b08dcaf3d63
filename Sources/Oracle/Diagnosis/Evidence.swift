/// What speaks for one mistake of a hypothesis, and how clearly.
struct Evidence {
  let search: HypothesisSearch
  let fit: Fit

  /// Probes on which alternatives are compared.
  private static let probeLimit = 3

  init(_ search: HypothesisSearch, _ fit: Fit) {
    self.search = search
    self.fit = fit
  }

  func diagnosis(of mistake: Mistake) throws(OracleError) -> Verdict.Diagnosis {
    let without = Hypothesis(fit.hypothesis.mistakes.filter { $0.id != mistake.id })
    let touched = try touchedProbes(by: mistake, without)
    let compared = Array(touched.prefix(Self.probeLimit))
    let own = compared.compactMap { fit.differences[$0.name] }.max() ?? 0

    var nearest = try worst(compared, without)
    var equals: [Mistake] = []
    for other in search.mistakes where other.id != mistake.id {
      guard let alternative = without.adding(other), try search.shows(other, in: compared) else { continue }
      let difference = try worst(compared, alternative)
      if difference <= fit.bound {
        let whole = try search.fit(alternative, search.probes)
        if whole.explained.count >= fit.explained.count {
          equals.append(other)
          continue
        }
      }
      nearest = min(nearest, max(difference, fit.bound))
    }
    return Verdict.Diagnosis(
      id: mistake.id, number: mistake.number, title: mistake.title,
      evidence: try sentence(touched, without) + Self.sentence(equals), remedy: mistake.remedy,
      confidence: confidence(own, nearest) / Double(1 + equals.count))
  }

  /// The probes whose vector the mistake changes by more than rounding, the shortest first.
  private func touchedProbes(by mistake: Mistake, _ without: Hypothesis) throws(OracleError) -> [Probe] {
    var touched: [(probe: Probe, length: Int)] = []
    for probe in search.probes where probe.kind != .length || mistake.aspect == .limit {
      guard
        try search.difference(probe, without.recipe) > max(fit.bound, 2 * (fit.differences[probe.name] ?? 0)),
        fit.explains(probe.name)
      else { continue }
      touched.append((probe, try search.emulator.ids(of: probe, .reference).count))
    }
    return touched.sorted { $0.length < $1.length }.map(\.probe)
  }

  private func worst(_ probes: [Probe], _ hypothesis: Hypothesis) throws(OracleError) -> Double {
    var worst = 0.0
    for probe in probes { worst = max(worst, try search.difference(probe, hypothesis.recipe)) }
    return worst
  }

  private func confidence(_ own: Double, _ nearest: Double) -> Double {
    let share = Double(fit.explained.count) / Double(max(1, fit.differences.count))
    let margin = nearest.isFinite ? max(0, 1 - own / max(nearest, .leastNonzeroMagnitude)) : 1
    return share * margin
  }

  private func sentence(_ touched: [Probe], _ without: Hypothesis) throws(OracleError) -> String {
    let all = fit.differences.count
    let noun = search.emulator.measure.noun
    let which =
      fit.unexplained.isEmpty ? "all \(all) \(noun) agree" : "\(fit.explained.count) of \(all) \(noun) agree"
    let others =
      fit.hypothesis.mistakes.count > 1
      ? "with the mistakes found emulated together" : "with that mistake emulated"
    var differences: [Double] = []
    for probe in touched.prefix(8) { differences.append(try search.difference(probe, without.recipe)) }
    let before = Figures.short(Statistics.median(differences))
    let names = touched.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
    let more = touched.count > 3 ? " and \(touched.count - 3) more" : ""
    return
      "\(others), \(which) to \(search.emulator.measure.symbol) < \(Figures.bound(fit.largestExplained)); without it \(touched.count) are off "
      + "by \(before) in the median: \(names)\(more)"
  }

  private static func sentence(_ equals: [Mistake]) -> String {
    equals.isEmpty
      ? "" : "; these probes cannot tell it from " + equals.map { "'\($0.title)'" }.joined(separator: " or ")
  }
}

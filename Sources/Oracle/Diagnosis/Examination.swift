/// Judges the answers to a set of probes: the whole way from vectors to a verdict.
package struct Examination {
  let emulator: Emulator
  let probes: [Probe]
  let observations: Observations
  let searchTime: Duration
  let progress: (String) -> Void

  /// How long combinations of mistakes are tried, where nobody says otherwise.
  package static let searchTime = Duration.seconds(600)

  /// - Parameters:
  ///   - searchTime: how long combinations of mistakes are tried with one file.
  ///   - progress: told what is being tried, since a large model takes minutes.
  package init(
    _ emulator: Emulator, _ probes: [Probe], _ observations: Observations,
    searchTime: Duration = Examination.searchTime, progress: @escaping (String) -> Void = { _ in }
  ) {
    self.searchTime = searchTime
    self.emulator = emulator
    self.probes = probes
    self.observations = observations
    self.progress = progress
  }

  /// - Parameters:
  ///   - others: other files of the same model, tried where this one's vectors are not the ones seen.
  ///   - showsTexts: whether the results carry the probes' texts.
  package func verdict(others: [Emulator] = [], showsTexts: Bool = false) throws(OracleError) -> Verdict {
    let vectors = observations.compactMapValues(\.vector)
    guard !vectors.isEmpty else { return try withoutVectors() }
    progress("the reference, and the rounding of each class of arithmetic")
    let noise = try NoiseFloor.measure(emulator, noiseProbes, .reference)
    let padding = Mistake.rightPadding(to: try longest())
    let search = HypothesisSearch(
      emulator, probes, vectors, Mistake.all(emulator.measure) + [padding], noise,
      deadline: .now + searchTime, progress: progress)
    let fits = try search.run()
    let reference = try search.fit(Hypothesis(), search.probes)
    let best = try refitted(fits[0], search)

    if !best.isComplete, let other = try otherWeights(others, vectors, betterThan: best) {
      return try report(other.fit, reference, other.search, other.diagnoses, showsTexts)
    }
    let named = isMeaningful(best) ? best : reference
    var diagnoses: [Verdict.Diagnosis] = []
    for mistake in named.hypothesis.mistakes {
      diagnoses.append(try Evidence(search, named).diagnosis(of: mistake))
    }
    return try report(named, reference, search, diagnoses, showsTexts)
  }

  /// Whether a fit explains enough to accuse somebody: three fifths. A score is one number, and among some
  /// thousand combinations of mistakes one hits most of 28 by chance: a combination must explain them all.
  private func isMeaningful(_ fit: Fit) -> Bool {
    guard fit.level != nil else { return false }
    if emulator.measure == .scores, fit.hypothesis.mistakes.count > 1 { return fit.unexplained.isEmpty }
    return fit.explained.count * 5 >= fit.differences.count * 3
  }

  /// Answered, with whole vectors, each text once, the shortest first.
  private var shortProbes: [Probe] {
    let kinds: [Probe.Kind] = [.length, .dimensions, .repetition]
    return probes.filter { !kinds.contains($0.kind) && observations[$0.name]?.vector != nil }
      .sorted { ($0.sentText?.utf8.count ?? 0) < ($1.sentText?.utf8.count ?? 0) }
  }

  /// The probes whose rounding is measured: short, and of several kinds.
  private var noiseProbes: [Probe] {
    let kinds: [Probe.Kind] = [.plain, .query, .script, .splitting]
    let short = probes.filter { kinds.contains($0.kind) && observations[$0.name]?.vector != nil }
    let some = short.isEmpty ? probes.filter { observations[$0.name]?.vector != nil } : short
    return Array(some.sorted { ($0.sentText?.utf8.count ?? 0) < ($1.sentText?.utf8.count ?? 0) }.prefix(16))
  }

  /// The tokens of the longest probe that was answered and is no long text: what a batch is padded to.
  private func longest() throws(OracleError) -> Int {
    var longest = 1
    for probe in probes where probe.kind != .length && observations[probe.name] != nil {
      longest = max(longest, try emulator.ids(of: probe, .reference).count)
    }
    return longest
  }

  /// The same hypothesis against the rounding of its own arithmetic: a mean, say, rounds less than a single
  /// state.
  private func refitted(_ fit: Fit, _ search: HypothesisSearch) throws(OracleError) -> Fit {
    let refitted = Fit(fit.hypothesis, fit.differences, try noise(of: fit, search))
    return refitted.explained.count >= fit.explained.count ? refitted : fit
  }

  private func noise(of fit: Fit, _ search: HypothesisSearch) throws(OracleError) -> NoiseFloor {
    guard !fit.hypothesis.mistakes.isEmpty else { return search.noise }
    return try NoiseFloor.measure(search.emulator, noiseProbes, fit.hypothesis.recipe)
  }

  /// The file whose weights the other side has, with the mistakes that it makes besides: the one that
  /// explains most, and more than this file's own weights do.
  private func otherWeights(
    _ others: [Emulator], _ vectors: [String: [Float]], betterThan known: Fit
  ) throws(OracleError) -> (fit: Fit, search: HypothesisSearch, diagnoses: [Verdict.Diagnosis])? {
    var nearest: (fit: Fit, search: HypothesisSearch)?
    for other in others
    where other.measure == emulator.measure
      && other.configuration.hiddenSize == emulator.configuration.hiddenSize
    {
      progress("the weights of \(other.path)")
      let noise = try NoiseFloor.measure(other, noiseProbes, .reference)
      let search = HypothesisSearch(
        other, probes, vectors, Mistake.all(emulator.measure), noise, deadline: .now + searchTime,
        progress: progress)
      let fit = try refitted(search.run()[0], search)
      guard fit.level != nil, fit.explained.count > known.explained.count else { continue }
      if let best = nearest?.fit, !fit.isBetter(than: best) { continue }
      nearest = (fit, search)
    }
    guard let nearest, nearest.fit.explained.count * 5 >= nearest.fit.differences.count * 3 else {
      return nil
    }
    let (fit, search) = nearest
    let agreeing = fit.unexplained.isEmpty ? "all" : "\(fit.explained.count) of"
    var diagnoses = [
      Verdict.Diagnosis(
        id: "different-weights", number: 24,
        title: "the \(emulator.measure.noun) are those of another file: \(search.emulator.path)",
        evidence: "with its weights \(agreeing) \(fit.differences.count) \(emulator.measure.noun) agree to "
          + "\(emulator.measure.symbol) < \(Figures.bound(fit.largestExplained)); with those of "
          + "\(emulator.path) \(known.explained.count) do",
        remedy:
          "compare with the file that the other side has loaded; another quantisation has other \(emulator.measure.noun)",
        confidence: Double(fit.explained.count) / Double(max(1, fit.differences.count)))
    ]
    for mistake in fit.hypothesis.mistakes {
      diagnoses.append(try Evidence(search, fit).diagnosis(of: mistake))
    }
    return (fit, search, diagnoses)
  }

  private func withoutVectors() throws(OracleError) -> Verdict {
    var verdict = Verdict(
      outcome: .unknown, precisions: [], largestDifference: nil, diagnoses: [], rejected: [], notes: [],
      probes: [], measure: emulator.measure)
    verdict.diagnoses = try OverflowCheck(emulator, probes, observations).diagnoses()
    verdict.notes = refusals
    if !verdict.diagnoses.isEmpty { verdict.outcome = .diagnosed }
    return verdict
  }

  private func report(
    _ best: Fit, _ reference: Fit, _ search: HypothesisSearch, _ found: [Verdict.Diagnosis],
    _ showsTexts: Bool
  ) throws(OracleError) -> Verdict {
    let checks = VectorChecks(emulator, probes, observations)
    let diagnoses =
      try found + OverflowCheck(emulator, probes, observations).diagnoses()
      + (emulator.measure == .vectors ? checks.lengths(best.hypothesis.recipe) : [])
      + checks.repetitions(
        bound: max(best.bound, emulator.measure.float32Bound), best.hypothesis.recipe.score)
    let isOpen = !best.unexplained.isEmpty || best.level == nil
    var verdict = Verdict(
      outcome: diagnoses.isEmpty ? (isOpen ? .unknown : .agrees) : .diagnosed,
      precisions: try RoundingClass(emulator: search.emulator, probes: shortProbes, observed: search.observed)
        .classes(of: best, noise(of: best, search)),
      largestDifference: best.explained.isEmpty ? nil : best.largestExplained, diagnoses: diagnoses,
      rejected: [],
      notes: refusals, probes: [], measure: emulator.measure)
    if isOpen { verdict.notes += try Uncertainty(search, best).notes }
    if isOpen, search.isCut {
      verdict.notes.append(
        "combinations of mistakes were tried for \(searchTime.components.seconds) seconds, and not all of them: "
          + "give more time, or check a smaller model of the same family behind the same engine")
    }
    if verdict.outcome != .agrees {
      verdict.rejected = try Rejections(search, best).all(except: diagnoses.map(\.id))
    }
    for probe in search.probes {
      verdict.probes.append(
        Verdict.ProbeResult(
          name: probe.name, kind: probe.kind.rawValue,
          tokenCount: try emulator.ids(of: probe, .reference).count,
          fromReference: reference.differences[probe.name], fromDiagnosis: best.differences[probe.name],
          isExplained: best.explains(probe.name), text: showsTexts ? probe.sentText : nil))
    }
    return verdict
  }

  /// Probes that the other side did not answer with a vector.
  private var refusals: [String] {
    probes.compactMap { probe in
      switch observations[probe.name] {
      case .refused(let reason)?, .failed(let reason)?: "probe '\(probe.name)' has no vector: \(reason)"
      default: nil
      }
    }
  }
}

/// Judges the answers to a set of probes: the whole way from vectors to a verdict.
package struct Examination {
  let emulator: Emulator
  let probes: [Probe]
  let observations: Observations
  let searchTime: Duration
  let progress: (String) -> Void
  /// Whether a probe that has no vector leaves the verdict open. Probes that need an engine's options may
  /// always be missing, and those that a server refused with a sentence where it may.
  package var requiresAll = false
  /// Probes whose refusal is no gap: a service may refuse empty texts, long ones, token ids and dimensions.
  package var mayRefuse: Set<Probe.Kind> = []

  /// How long combinations of mistakes are tried by default.
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
    let start = ContinuousClock.now
    var verdict = try judged(others, showsTexts)
    verdict.missing = missing
    verdict.answeredCount = observations.count { $0.value.vector != nil }
    if verdict.outcome == .agrees, !missing.isEmpty { verdict.outcome = .incomplete }
    verdict.duration = ContinuousClock.now - start
    return verdict
  }

  private func judged(_ others: [Emulator], _ showsTexts: Bool) throws(OracleError) -> Verdict {
    let vectors = observations.compactMapValues(\.vector)
    guard !vectors.isEmpty else { return try withoutVectors() }
    progress("the reference, and the rounding of each class of arithmetic")
    let noise = try NoiseFloor.measure(emulator, noiseProbes, .reference, stored: stored)
    // What is plain to see comes before any hypothesis, and is undone for the search.
    let plain =
      switch emulator.measure {
      case .vectors: try WholeSet(emulator, probes, vectors, noise).finding()
      case .scores: try WholeSet.oneScoreForAll(emulator, probes, vectors)
      }
    if let plain, plain.corrected == nil { return try report(plain, vectors, noise, showsTexts) }
    let padding = Mistake.rightPadding(to: try longest())
    let search = HypothesisSearch(
      emulator, probes, plain?.corrected ?? vectors, Mistake.all(emulator.measure) + [padding], noise,
      deadline: .now + (isCut ? .zero : searchTime), progress: progress)
    let fits = try search.run()
    let reference = try search.fit(Hypothesis(), search.probes)
    let best = try refitted(fits[0], search)

    if !best.isComplete, plain == nil, let other = try otherWeights(others, vectors, betterThan: best) {
      return try report(other.fit, reference, other.search, other.diagnoses, showsTexts)
    }
    let named = isMeaningful(best) ? best : reference
    var diagnoses = plain.map { [$0.diagnosis] } ?? []
    for mistake in named.hypothesis.mistakes {
      diagnoses.append(try Evidence(search, named).diagnosis(of: mistake))
    }
    var verdict = try report(named, reference, search, diagnoses, showsTexts)
    if plain != nil { try measureAsSeen(&verdict, vectors) }
    return verdict
  }

  /// The grid that the numbers lie on, and the length of the vectors.
  private var stored: (NumberGrid, length: Double)? {
    let vectors = probes.filter { $0.dimensions == nil }.compactMap { observations[$0.name]?.vector }
    guard emulator.measure == .vectors, let grid = NumberGrid(of: vectors) else { return nil }
    return (grid, Statistics.median(vectors.map(VectorChecks.length)))
  }

  /// Whether whole vectors have fewer components than the model's.
  private var isCut: Bool { cutCount != nil }
  private var cutCount: Int? {
    guard emulator.measure == .vectors else { return nil }
    let counts = probes.filter { $0.dimensions == nil }.compactMap { observations[$0.name]?.vector?.count }
    return counts.min().flatMap { $0 < emulator.configuration.hiddenSize ? $0 : nil }
  }

  /// The probes that should have an answer and have none.
  private var missing: [String] {
    guard requiresAll else { return [] }
    return probes.filter { probe in
      switch observations[probe.name] {
      case .vector, .notFinite: false
      case .refused: !(mayRefuse.contains(probe.kind) || probe.isEmpty && !mayRefuse.isEmpty)
      case .failed: true
      case nil: !ProbeFile.needsOptions(probe)
      }
    }.map(\.name)
  }

  /// Whether a fit explains enough for an accusation: three fifths. A score is one number, and among some
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
    return try NoiseFloor.measure(search.emulator, noiseProbes, fit.hypothesis.recipe, stored: stored)
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
      let noise = try NoiseFloor.measure(other, noiseProbes, .reference, stored: stored)
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
          "compare with the file that the other side has loaded; another quantization has other \(emulator.measure.noun)",
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
    let checks = VectorChecks(emulator, probes, observations, grid: stored?.0)
    // A text that comes twice has one vector once rows are where they belong.
    let corrected = VectorChecks(emulator, probes, search.observed.mapValues { .vector($0) })
    let diagnoses =
      try found + OverflowCheck(emulator, probes, observations).diagnoses()
      + (emulator.measure == .vectors ? checks.lengths(best.hypothesis.recipe) : [])
      + corrected.repetitions(
        bound: max(best.bound, emulator.measure.float32Bound), best.hypothesis.recipe.score)
    let isOpen = !best.unexplained.isEmpty || best.level == nil
    // What the vectors' lengths say explains no direction: named beside vectors that nothing explains, it
    // does not decide.
    let isExplained = best.level != nil && best.explained.count * 5 >= best.differences.count * 3
    var verdict = Verdict(
      outcome: !isOpen && diagnoses.isEmpty
        ? .agrees : !diagnoses.isEmpty && isExplained ? .diagnosed : .unknown,
      precisions: try RoundingClass(emulator: search.emulator, probes: shortProbes, observed: search.observed)
        .classes(of: best, noise(of: best, search)),
      largestDifference: best.explained.isEmpty ? nil : best.largestExplained, diagnoses: diagnoses,
      rejected: [], notes: refusals + remarks(isOpen: isOpen), probes: [], measure: emulator.measure)
    verdict.grid = stored?.0
    if isOpen { verdict.notes += try Uncertainty(search, best).notes }
    if isOpen, search.isCut {
      verdict.notes.append(
        "combinations of mistakes were tried for \(searchTime.components.seconds) seconds, and not all of them: "
          + "give more time, or check a smaller model of the same family behind the same engine")
    }
    if verdict.outcome != .agrees {
      verdict.rejected = try Rejections(search, best).all(except: diagnoses.map(\.id))
    }
    verdict.probes = try results(search, best, reference, showsTexts)
    return verdict
  }

  /// What is true of the numbers themselves.
  private func remarks(isOpen: Bool) -> [String] {
    var remarks: [String] = []
    if let grid = stored?.0 {
      remarks.append("all components are \(grid.title): they were rounded to that after the model")
    }
    if let count = cutCount {
      let hiddenSize = emulator.configuration.hiddenSize
      remarks.append(
        "the vectors have \(count) components and the model's \(hiddenSize): they are compared with the first \(count) of "
          + "the reference" + (isOpen ? "; is it the same model? Name the right file with --model" : ""))
    }
    return remarks
  }

  /// A verdict on what cannot be undone, and needs no search.
  private func report(
    _ plain: WholeSet.Finding, _ vectors: [String: [Float]], _ noise: NoiseFloor, _ showsTexts: Bool
  ) throws(OracleError) -> Verdict {
    var verdict = Verdict(
      outcome: .diagnosed, precisions: [], largestDifference: nil, diagnoses: [plain.diagnosis], rejected: [],
      notes: refusals + remarks(isOpen: true), probes: [], measure: emulator.measure)
    verdict.grid = stored?.0
    let search = HypothesisSearch(
      emulator, probes, vectors, [], noise, deadline: .now, progress: progress)
    let fit = try search.fit(Hypothesis(), search.probes)
    verdict.probes = try results(search, fit, fit, showsTexts)
    return verdict
  }

  /// The differences from the reference as they were seen, not with rows or components put right.
  private func measureAsSeen(
    _ verdict: inout Verdict, _ vectors: [String: [Float]]
  ) throws(OracleError) {
    for index in verdict.probes.indices {
      guard let probe = probes.first(where: { $0.name == verdict.probes[index].name }),
        let seen = vectors[probe.name], let reference = try emulator.vector(of: probe, .reference)
      else { continue }
      verdict.probes[index].fromReference = emulator.measure.difference(seen, reference, .reference)
    }
  }

  private func results(
    _ search: HypothesisSearch, _ best: Fit, _ reference: Fit, _ showsTexts: Bool
  ) throws(OracleError) -> [Verdict.ProbeResult] {
    var results: [Verdict.ProbeResult] = []
    for probe in search.probes {
      results.append(
        Verdict.ProbeResult(
          name: probe.name, kind: probe.kind.rawValue,
          tokenCount: try emulator.ids(of: probe, .reference).count,
          fromReference: reference.differences[probe.name], fromDiagnosis: best.differences[probe.name],
          isExplained: best.explains(probe.name), text: showsTexts ? probe.sentText : nil))
    }
    return results
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

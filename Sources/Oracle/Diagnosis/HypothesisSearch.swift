import Touchstone

/// The search for the mistakes that predict the vectors that were seen.
///
/// 1. Screening: on a few plain probes every single mistake that shows there is tried, then pairs, then
///    triples; the first probe sorts out nearly all. Whatever fits all of them is a candidate.
/// 2. Refinement: what a candidate leaves unexplained among the other probes is given, one mistake after the
///    other, to the one that explains most of it.
///
/// For one thread, as the emulator.
final class HypothesisSearch {
  let emulator: Emulator
  let probes: [Probe]
  let observed: [String: [Float]]
  let mistakes: [Mistake]
  let noise: NoiseFloor
  /// Receives a line of progress for each step.
  let progress: (String) -> Void
  /// When combinations are no longer tried: those of three mistakes take hours with a large model.
  private let deadline: ContinuousClock.Instant
  /// Whether combinations were left out for want of time.
  private(set) var isCut = false
  /// All fits of single mistakes on the probes that they were tried on.
  private(set) var singles: [Fit] = []

  private static let candidateLimit = 6
  /// Hypotheses that are looked at with all the screening probes, the nearest on the first.
  private static let shortListCount = 24

  init(
    _ emulator: Emulator, _ probes: [Probe], _ observed: [String: [Float]], _ mistakes: [Mistake],
    _ noise: NoiseFloor, deadline: ContinuousClock.Instant, progress: @escaping (String) -> Void
  ) {
    self.emulator = emulator
    self.deadline = deadline
    self.observed = observed
    self.mistakes = mistakes
    self.noise = noise
    self.progress = progress
    self.probes = probes.filter { observed[$0.name] != nil }
  }

  /// The fits, best first. Never empty: the reference itself is the first hypothesis.
  func run() throws(OracleError) -> [Fit] {
    let reference = try fit(Hypothesis(), probes)
    if reference.isComplete { return [try clearlyNearer(than: reference) ?? reference] }
    var refined: [Fit] = []
    for candidate in try candidates() { refined.append(try fit(candidate, probes)) }
    // What explains all is not beaten by more mistakes.
    let fewest = refined.filter(\.isComplete).map(\.hypothesis.mistakes.count).min() ?? .max
    for index in refined.indices where refined[index].hypothesis.mistakes.count < fewest {
      refined[index] = try refine(refined[index])
    }
    if !refined.contains(where: { $0.hypothesis.mistakes.isEmpty }) { refined.append(reference) }
    return refined.sorted { $0.isBetter(than: $1) }
  }

  /// A mistake so small that it looks like rounding, and that predicts the vectors far better than rounding
  /// does.
  private func clearlyNearer(than reference: Fit) throws(OracleError) -> Fit? {
    guard let level = reference.level, level.precision != .float32 else { return nil }
    progress("mistakes as small as rounding")
    let screening = screeningProbes
    let bound = try fit(Hypothesis(), screening).score - Self.clearMargin
    for mistake in mistakes where try shows(mistake, in: screening) {
      let hypothesis = Hypothesis([mistake])
      guard try fit(hypothesis, screening).score < bound else { continue }
      let whole = try fit(hypothesis, probes)
      if whole.isComplete, whole.score < reference.score - Self.clearMargin { return whole }
    }
    return nil
  }

  /// How many decades nearer (mean) a mistake must be than rounding before it is believed.
  private static let clearMargin = 1.5

  // MARK: Screening

  /// Plain documents of some length, the shortest first: every mistake that touches all texts shows in them.
  private var screeningProbes: [Probe] {
    let plain = probes.filter { [.plain, .script].contains($0.kind) && ($0.sentText?.utf8.count ?? 0) >= 16 }
    let chosen = plain.isEmpty ? probes.filter { $0.kind != .length } : plain
    return Array(
      chosen.sorted { ($0.sentText?.utf8.count ?? 0) < ($1.sentText?.utf8.count ?? 0) }
        .prefix(emulator.measure.screeningCount))
  }

  private func candidates() throws(OracleError) -> [Hypothesis] {
    let screening = screeningProbes
    guard let first = screening.first else { return [Hypothesis()] }
    var showing: [Mistake] = []
    for mistake in mistakes where try shows(mistake, in: screening) { showing.append(mistake) }

    var tried = [Hypothesis()]
    var best: [Fit] = []
    for size in 0...3 where !isCut {
      if size > 0 {
        progress(["", "single mistakes", "pairs of mistakes", "triples of mistakes"][size])
        tried = Self.extended(tried, by: showing)
      }
      var near: [(Hypothesis, Double)] = []
      for hypothesis in tried {
        // Single mistakes are always tried.
        if size > 1, ContinuousClock.now > deadline {
          isCut = true
          break
        }
        let difference = try difference(first, hypothesis.recipe)
        near.append((hypothesis, difference))
      }
      near.sort { $0.1 < $1.1 }
      var fits: [Fit] = []
      for (hypothesis, _) in near.prefix(Self.shortListCount) { fits.append(try fit(hypothesis, screening)) }
      if size == 1 { singles = fits }
      let complete = fits.filter(\.isComplete)
      if !complete.isEmpty {
        return complete.sorted { $0.score < $1.score }.prefix(Self.candidateLimit).map(\.hypothesis)
      }
      best = (best + fits).sorted { $0.score < $1.score }
    }
    return best.prefix(Self.candidateLimit).map(\.hypothesis)
  }

  /// Every hypothesis with one more mistake, each set once.
  private static func extended(_ hypotheses: [Hypothesis], by mistakes: [Mistake]) -> [Hypothesis] {
    hypotheses.flatMap { hypothesis in
      let last = hypothesis.mistakes.last.flatMap { last in mistakes.firstIndex { $0.id == last.id } } ?? -1
      return mistakes[(last + 1)...].compactMap(hypothesis.adding)
    }
  }

  /// Whether a mistake changes anything in one of these probes.
  func shows(_ mistake: Mistake, in probes: [Probe]) throws(OracleError) -> Bool {
    let recipe = mistake.applied(to: .reference)
    if recipe.transformer != .reference { return emulator.transformer.canShow(recipe.transformer) }
    switch recipe.pooling.position {
    case .last: break
    case .lastToken: if emulator.trainedPooling == .last { return false }
    case let position: if position == emulator.trainedPooling { return false }
    }
    if recipe.pooling != Recipe.reference.pooling || recipe.padding != nil { return true }
    if recipe.score != .reference {
      // The head may have one row, and no second label.
      for probe in probes
      where try emulator.vector(of: probe, recipe) != emulator.vector(of: probe, .reference) {
        return true
      }
      return false
    }
    for probe in probes where try emulator.ids(of: probe, recipe) != emulator.ids(of: probe, .reference) {
      return true
    }
    return false
  }

  // MARK: Refinement

  private func refine(_ candidate: Fit) throws(OracleError) -> Fit {
    let ids = candidate.hypothesis.ids
    progress("all probes with \(ids.isEmpty ? "no mistake" : ids.joined(separator: " + "))")
    var best = candidate
    while !best.isComplete {
      var next: Fit?
      for mistake in mistakes + (try limits(best)) {
        guard let hypothesis = best.hypothesis.adding(mistake), isLocal(mistake) else { continue }
        let fit = try fit(hypothesis, changing: best)
        guard fit.explained.count > best.explained.count, Self.isClearly(fit, nearerThan: best) else {
          continue
        }
        if next.map({ fit.isBetter(than: $0) }) ?? true { next = fit }
      }
      guard let next else { break }
      best = next
    }
    return best
  }

  /// Whether what is newly explained was far off before: rounding near the bound is no evidence for a
  /// mistake.
  private static func isClearly(_ fit: Fit, nearerThan old: Fit) -> Bool {
    fit.explained.subtracting(old.explained).contains { probe in
      (old.differences[probe] ?? 0) > 4 * (fit.differences[probe] ?? 0)
    }
  }

  /// Those that change ids alone: the others show everywhere, and were screened.
  private func isLocal(_ mistake: Mistake) -> Bool {
    let recipe = mistake.applied(to: .reference)
    return recipe.transformer == .reference && recipe.pooling == Recipe.reference.pooling
      && recipe.padding == nil && recipe.score == .reference
  }

  /// The limits that could explain the longest texts, where these are unexplained: all that engines are known
  /// to have, and, since a state depends on what comes before alone, the very place where a cut state was
  /// read.
  private func limits(_ fit: Fit) throws(OracleError) -> [Mistake] {
    let long = probes.filter { $0.kind == .length && !fit.explains($0.name) }
    guard let probe = long.first else { return [] }
    let recipe = fit.hypothesis.recipe
    let count = try emulator.ids(of: probe, recipe).count
    let counts = Mistake.plausibleLimits.filter { $0 < count }
    guard emulator.measure == .vectors else {
      return counts.flatMap { count in [.keepsEnd, .dropsEnd].map { Mistake.rerankLimit(count, $0) } }
    }
    var limits = counts.flatMap { count in TokenLimit.Cut.allCases.map { Mistake.limit(count, $0) } }
    if let place = try emulator.nearestPrefix(of: probe, recipe, to: observed[probe.name] ?? []),
      !counts.contains(place), place < count
    {
      limits.append(.limit(place, .dropsEnd))
    }
    return limits
  }

  // MARK: Fits

  func difference(_ probe: Probe, _ recipe: Recipe) throws(OracleError) -> Double {
    guard let seen = observed[probe.name], let predicted = try emulator.vector(of: probe, recipe) else {
      return .infinity
    }
    let difference = emulator.measure.difference(seen, predicted, recipe.score)
    return difference.isNaN ? .infinity : difference
  }

  func fit(_ hypothesis: Hypothesis, _ probes: [Probe]) throws(OracleError) -> Fit {
    try emulator.prepare(probes, hypothesis.recipe)
    var differences: [String: Double] = [:]
    for probe in probes { differences[probe.name] = try difference(probe, hypothesis.recipe) }
    return Fit(hypothesis, differences, noise)
  }

  /// The fit of a hypothesis that differs from a known one in ids alone: only probes with other ids are
  /// computed.
  private func fit(_ hypothesis: Hypothesis, changing known: Fit) throws(OracleError) -> Fit {
    var differences = known.differences
    let (old, new) = (known.hypothesis.recipe, hypothesis.recipe)
    for probe in probes where try emulator.ids(of: probe, old) != emulator.ids(of: probe, new) {
      differences[probe.name] = try difference(probe, new)
    }
    return Fit(hypothesis, differences, noise)
  }
}

extension Emulator {
  /// How many tokens of a text the vector is nearest to the state of; nil where another state than the last
  /// is read.
  func nearestPrefix(
    of probe: Probe, _ recipe: Recipe, to vector: [Float]
  ) throws(OracleError) -> Int? {
    guard recipe.pooling == Recipe.reference.pooling, recipe.transformer.isCausal,
      transformer.configuration.isCausal, trainedPooling == .last, !vector.isEmpty
    else {
      return nil
    }
    return try prefixStates(of: probe, recipe).enumerated()
      .map { ($0.offset + 1, cosineDistance($0.element.prefix(vector.count), vector)) }
      .filter { $0.1.isFinite }
      .min { $0.1 < $1.1 }?.0
  }
}

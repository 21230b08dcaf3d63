/// The hypotheses that were not the answer, and how far off each is.
struct Rejections {
  let search: HypothesisSearch
  let fit: Fit

  /// Probes that each is measured on.
  private static let probeLimit = 3

  init(_ search: HypothesisSearch, _ fit: Fit) {
    self.search = search
    self.fit = fit
  }

  func all(except named: [String]) throws(OracleError) -> [Verdict.Rejected] {
    var rejected: [Verdict.Rejected] = []
    for mistake in search.mistakes where !named.contains(mistake.id) {
      rejected.append(try rejection(of: mistake))
    }
    return rejected
  }

  private func rejection(of mistake: Mistake) throws(OracleError) -> Verdict.Rejected {
    func rejected(_ difference: Double?, _ reason: String) -> Verdict.Rejected {
      Verdict.Rejected(id: mistake.id, title: mistake.title, medianDifference: difference, reason: reason)
    }
    guard let hypothesis = fit.hypothesis.adding(mistake) else {
      return rejected(nil, "another mistake about the same is found")
    }
    var differences: [Double] = []
    for probe in search.probes where probe.kind != .length && differences.count < Self.probeLimit {
      // What is found already may hide it: lower case, say, where texts are not read at all.
      guard try search.shows(mistake, in: [probe]),
        try search.emulator.vector(of: probe, hypothesis.recipe)
          != search.emulator.vector(of: probe, fit.hypothesis.recipe)
      else { continue }
      differences.append(try search.difference(probe, hypothesis.recipe))
    }
    guard !differences.isEmpty else {
      return rejected(nil, "it does not show in this model with these probes")
    }
    let median = Statistics.median(differences)
    return rejected(
      median, "with it the \(search.emulator.measure.noun) are off by \(Figures.short(median)) in the median")
  }
}

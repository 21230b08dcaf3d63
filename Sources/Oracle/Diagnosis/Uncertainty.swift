/// What to say where vectors stay unexplained.
struct Uncertainty {
  let search: HypothesisSearch
  let fit: Fit

  init(_ search: HypothesisSearch, _ fit: Fit) {
    self.search = search
    self.fit = fit
  }

  var notes: [String] {
    get throws(OracleError) {
      let unexplained = fit.unexplained.sorted()
      let differences = unexplained.compactMap { fit.differences[$0] }
      var notes = [
        "\(unexplained.count) of \(fit.differences.count) \(search.emulator.measure.noun) are not explained ("
          + "\(search.emulator.measure.symbol) "
          + "\(Figures.short(differences.min() ?? 0)) to \(Figures.short(differences.max() ?? 0))): "
          + unexplained.prefix(6).joined(separator: ", ") + (unexplained.count > 6 ? ", …" : "")
      ]
      let nearest = search.singles.sorted { $0.score < $1.score }.prefix(3)
        .filter { !$0.hypothesis.mistakes.isEmpty }
        .map {
          "\($0.hypothesis.ids.joined(separator: " + ")) (\(Figures.short(Statistics.median(Array($0.differences.values)))))"
        }
      if !nearest.isEmpty { notes.append("the nearest hypotheses: " + nearest.joined(separator: ", ")) }
      notes.append(
        "is it the same file? Name other candidates with --also; else write a trace of both sides with 'touchstone "
          + "trace' and the scripts in tools/, and compare them with 'touchstone diff'")
      return notes
    }
  }
}

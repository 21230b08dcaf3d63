import ForeignText

/// Why a query and documents match, as sections of HTML.
struct MatchMarkup {
  let match: MatchExplanation

  /// Units of a table; the others are in the shaded text.
  private static let rows = 12

  var sections: String {
    (match.comparison.map(comparison) ?? "") + match.documents.indices.map(document).joined()
  }

  private func document(_ index: Int) -> String {
    let document = match.documents[index]
    let name = match.documents.count > 1 ? "document \(letter(index))" : "the document"
    let id = "match-\(index)"
    let measure =
      document.probability.map {
        "The reranker’s score is \(Figures.fixed($0, 4)), from a logit of \(Figures.fixed(document.value, 3))."
      } ?? "The cosine of their vectors is \(Figures.fixed(document.value, 4))."
    return """
      <section class="card explained" id="\(id)" aria-labelledby="\(id)-heading">
      <h2 id="\(id)-heading">Why the query and \(name) match</h2>
      <p class="lead">\(measure) Each word is left out once, and the model reads the rest: how much the \(match.measure.rawValue) \
      falls is what the word carries.</p>
      \(units(document.ofDocument, "In \(name)", document.text))\(units(document.ofQuery, "In the query", match.query))
      <p class="hint">\(Figures.count(match.passCount, "text")) with \(Figures.count(match.tokenCount, "token")) were run.</p>
      </section>

      """
  }

  private func units(_ units: MatchExplanation.Units, _ title: String, _ text: String) -> String {
    guard !units.words.isEmpty else {
      return
        "<h3>\(title)</h3><p class=\"weighed\" dir=\"auto\">\(Markup.escaped(text))</p><p class=\"hint\">It is one word.</p>"
    }
    let together =
      units.wordsTogether > 1
      ? "<p class=\"hint\">The text is long: up to \(units.wordsTogether) words are left out together.</p>"
      : ""
    let sentences =
      units.sentences.isEmpty
      ? ""
      : "<details><summary>By sentence</summary>\(shaded(units.sentences))\(table(units.sentences))</details>"
    return "<h3>\(title)</h3>\(together)\(shaded(units.words))\(table(units.words))\(sentences)"
  }

  private func shaded(_ units: [MatchExplanation.Unit]) -> String {
    let largest = units.map(\.effect.magnitude).max() ?? 0
    let spans = units.map { unit in
      "<span class=\"unit \(Shading.className(largest > 0 ? unit.effect / largest : 0))\" title=\"\(Figures.signed(unit.effect))\">"
        + "\(Markup.escaped(unit.text.trimmedAtEnd))</span>\(unit.text.hasSpaceAtEnd ? " " : "")"
    }
    return "<p class=\"weighed\" dir=\"auto\">\(spans.joined())</p>"
  }

  private func table(_ units: [MatchExplanation.Unit]) -> String {
    let largest = units.map(\.effect.magnitude).max() ?? 0
    let sorted = units.sorted { ($0.effect, $1.bytes.lowerBound) > ($1.effect, $0.bytes.lowerBound) }
    let shown = sorted.count > Self.rows ? sorted.prefix(Self.rows - 4) + sorted.suffix(4) : sorted[...]
    let rows = shown.map { unit in
      "<tr><td class=\"text\" dir=\"auto\">\(Markup.escaped(unit.text.trimmedAtEnd))</td>"
        + "<td class=\"figure\">\(Figures.signed(unit.effect))</td><td class=\"weight\">\(EffectBar(share: largest > 0 ? unit.effect / largest : 0).svg)</td></tr>"
    }
    let rest =
      sorted.count > Self.rows
      ? "<p class=\"hint\">The \(Self.rows - 4) that carry most, and the 4 that carry least, of \(sorted.count).</p>"
      : ""
    return
      "\(Scrolling.begin("What each part carries"))<table class=\"effects\"><thead><tr><th>left out</th><th class=\"figure\">carries</th><td></td></tr></thead>"
      + "<tbody>\(rows.joined())</tbody></table></div>\(rest)"
  }

  private func comparison(_ comparison: HitComparison) -> String {
    let (above, below) = (letter(comparison.above), letter(comparison.below))
    let decisive =
      comparison.decisive.map { decisive in
        let word = "<q dir=\"auto\">\(Markup.escaped(decisive.unit.text.trimmedAtEnd))</q>"
        return decisive.turns
          ? "<p>Without \(word), document \(above) would be below document \(below).</p>"
          : "<p>No single part of document \(above) decides: without \(word) it still leads, by "
            + "\(Figures.fixed(comparison.lead - decisive.unit.effect, 4)).</p>"
      } ?? ""
    let query =
      comparison.queryWords.isEmpty
      ? ""
      : "<h3>Which words of the query make the lead</h3>\(shaded(comparison.queryWords))\(table(comparison.queryWords))"
    return """
      <section class="card explained" id="comparison" aria-labelledby="comparison-heading">
      <h2 id="comparison-heading">Why document \(above) is above document \(below)</h2>
      <p class="lead">It leads by \(Figures.fixed(comparison.lead, 4)).</p>
      \(decisive)\(query)
      </section>

      """
  }

  private func letter(_ index: Int) -> String { index == 0 ? "A" : "B" }
}

extension String {
  fileprivate var hasSpaceAtEnd: Bool { last?.isWhitespace ?? false }

  fileprivate var trimmedAtEnd: String { String(reversed().drop(while: \.isWhitespace).reversed()) }
}

/// A verdict as one page that needs nothing else: no script, no font, no picture from anywhere.
package struct HTMLReport {
  private let verdict: Verdict
  private let subject: String

  /// - Parameter subject: what was judged: a file's name, a server's address.
  package init(_ verdict: Verdict, subject: String) {
    self.verdict = verdict
    self.subject = subject
  }

  package var html: String {
    let title = "touchstone check: \(Markup.escaped(subject))"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>\(title)</h1>
      <p class="verdict"><strong>\(mark) \(outcome)</strong></p>
      <p>\(summary)</p>
      \(diagnoses)\(plots)\(notes)\(rejected)\(probes)</body>
      </html>

      """
  }

  /// Escaping takes line ends away.
  private var summary: String {
    VerdictText(verdict).summary.split(separator: "\n").map { Markup.escaped(String($0)) }
      .joined(separator: "<br>\n")
  }

  private var mark: String {
    switch verdict.outcome {
    case .agrees: "✓"
    case .diagnosed: "✗"
    case .unknown: "?"
    }
  }

  private var outcome: String {
    switch verdict.outcome {
    case .agrees: "The \(verdict.measure.noun) agree"
    case .diagnosed:
      verdict.diagnoses.count == 1 ? "A mistake is named" : "\(verdict.diagnoses.count) mistakes are named"
    case .unknown: "The \(verdict.measure.noun) differ, and it could not be told why"
    }
  }

  private var diagnoses: String {
    verdict.diagnoses.map { diagnosis in
      let number = diagnosis.number.map { ", mistake \($0)" } ?? ""
      return """
        <section class="diagnosis">
        <h2>\(Markup.escaped(diagnosis.title))</h2>
        <p class="id">\(Markup.escaped(diagnosis.id))\(number), confidence \(Figures.short(diagnosis.confidence))</p>
        <dl><dt>Evidence</dt><dd>\(Markup.escaped(diagnosis.evidence))</dd>
        <dt>Remedy</dt><dd>\(Markup.escaped(diagnosis.remedy))</dd></dl>
        </section>

        """
    }.joined()
  }

  private var plots: String {
    guard !verdict.probes.isEmpty else { return "" }
    let hypotheses =
      HypothesisPlot(verdict: verdict).svg.map { svg in
        "<h2>What each hypothesis leaves</h2>\n<p>\(verdict.measure.symbol), in the median over the probes that it touches: shorter is "
          + "nearer to what was seen.</p>\n\(svg)\n"
      } ?? ""
    return """
      <h2>How far every \(verdict.measure.singular) is off</h2>
      <p>\(verdict.measure.symbol), one mark a probe: a circle where the diagnosis explains it, a cross where nothing does.</p>
      \(DifferencePlot(probes: verdict.probes, symbol: verdict.measure.symbol).svg)
      \(hypotheses)
      """
  }

  private var notes: String {
    guard !verdict.notes.isEmpty else { return "" }
    let items = verdict.notes.map { "<li>\(Markup.escaped($0))</li>\n" }.joined()
    return "<h2>Notes</h2>\n<ul>\n\(items)</ul>\n"
  }

  private var rejected: String {
    guard !verdict.rejected.isEmpty else { return "" }
    let rows = verdict.rejected.map { rejected in
      "<tr><td><code>\(Markup.escaped(rejected.id))</code></td><td>\(Markup.escaped(rejected.title))</td>"
        + "<td>\(Markup.escaped(rejected.reason))</td></tr>\n"
    }
    return """
      <h2>What it is not</h2>
      <div class="wide"><table><thead><tr><th>id</th><th>mistake</th><th>why not</th></tr></thead><tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  private var probes: String {
    guard !verdict.probes.isEmpty else { return "" }
    let showsTexts = verdict.probes.contains { $0.text != nil }
    let rows = verdict.probes.map { probe in
      let text = showsTexts ? "<td class=\"text\">\(Markup.escaped(probe.text ?? ""))</td>" : ""
      return "<tr><td>\(probe.isExplained ? "✓" : "✗")</td><td>\(Markup.escaped(probe.name))</td>"
        + "<td>\(Markup.escaped(probe.kind))</td><td class=\"figure\">\(probe.tokenCount)</td>"
        + "<td class=\"figure\">\(figure(probe.fromReference))</td><td class=\"figure\">\(figure(probe.fromDiagnosis))</td>"
        + "\(text)</tr>\n"
    }
    return """
      <h2>Probes</h2>
      <div class="wide"><table><thead><tr><th>explained</th><th>probe</th><th>kind</th><th>tokens</th>\
      <th>from the reference</th><th>from the diagnosis</th>\(showsTexts ? "<th>text</th>" : "")</tr></thead><tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  private func figure(_ value: Double?) -> String { value.map(Figures.short) ?? "none" }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --line: #c9c9d1; --good: #1f6f54; --bad: #b3261e; \
    --bar: #8a8fa3; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --paper: #17181c; --line: #44464f; --good: #6fcfa6; \
    --bad: #ff8a80; --bar: #767b8f; } }
    body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; \
    margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
    .verdict { font-size: 1.3rem; } .id, .tick { font-family: ui-monospace, monospace; font-size: .85rem; }
    .diagnosis { border-left: 4px solid var(--bad); padding-left: 1rem; } dt { font-weight: 600; }
    dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
    .figure { text-align: right; font-variant-numeric: tabular-nums; } .text { white-space: pre-wrap; }
    svg { width: 100%; height: auto; } svg text { fill: var(--ink); } .label { font-size: 12px; } svg .tick { font-size: 11px; }
    .grid { stroke: var(--line); stroke-dasharray: 2 3; } .axis { stroke: var(--ink); }
    .good { fill: var(--good); stroke: var(--good); } .bar { fill: var(--bar); }
    .bad { fill: none; stroke: var(--bad); stroke-width: 2; }
    """
}

import ForeignText

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
      <header class="\(tone)">
      <p class="subject">touchstone check: \(Markup.escaped(subject))</p>
      <h1>\(word)</h1>
      <p>\(summary)</p>
      <ul class="numbers">\(numbers)</ul>
      </header>
      \(wrongTexts)\(verdict.diagnoses.map { section($0, "diagnosis") }.joined())\(deviations)\
      \(folded("Notes", notes))\(folded("How far every \(verdict.measure.singular) is off", plots))\
      \(folded("All probes", probes))\(folded("What it is not", rejected))</body>
      </html>

      """
  }

  /// Escaping takes line ends away.
  private var summary: String {
    VerdictText(verdict).summary.split(separator: "\n").map { Markup.escaped(String($0)) }
      .joined(separator: "<br>\n")
  }

  /// Of the vectors alone.
  private var word: String {
    switch verdict.outcome {
    case .agrees: "Right"
    case .diagnosed: "Wrong"
    case .unknown: "Wrong, unexplained"
    case .incomplete: "Incomplete"
    }
  }

  private var tone: String {
    switch verdict.outcome {
    case .agrees: "right"
    case .diagnosed, .unknown: "wrong"
    case .incomplete: "open"
    }
  }

  private var numbers: String {
    let right = verdict.probes.count(where: isRight)
    let figures = [
      ("\(right) of \(verdict.probes.count + verdict.missing.count)", "texts right"),
      ("\(verdict.diagnoses.count)", verdict.diagnoses.count == 1 ? "mistake named" : "mistakes named"),
      ("\(verdict.deviations.count)", "deviations of the API"),
    ]
    return figures.map { "<li><strong>\($0.0)</strong> \($0.1)</li>" }.joined()
  }

  /// Whether a vector is the reference's as it came, without any mistake assumed.
  private func isRight(_ probe: Verdict.ProbeResult) -> Bool {
    guard probe.isExplained else { return false }
    guard !verdict.diagnoses.isEmpty, let difference = probe.fromReference else { return true }
    return difference <= max(verdict.largestDifference ?? 0, verdict.measure.float32Bound)
  }

  /// The texts whose vectors are wrong, the furthest off first.
  private var wrongTexts: String {
    let wrong = verdict.probes.filter { !isRight($0) }
      .sorted { ($0.fromReference ?? .infinity) > ($1.fromReference ?? .infinity) }
    guard !wrong.isEmpty else { return "" }
    let rows = wrong.prefix(Self.shownTexts).map { probe in
      "<tr><td>\(Markup.escaped(probe.name))</td><td class=\"figure\">\(figure(probe.fromReference))</td>"
        + "<td>\(probe.isExplained ? "explained" : "not explained")</td>"
        + (probe.text.map { "<td class=\"text\">\(Markup.escaped($0))</td>" } ?? "") + "</tr>\n"
    }
    let more =
      wrong.count > Self.shownTexts ? "<p>and \(wrong.count - Self.shownTexts) more, below</p>\n" : ""
    return """
      <h2>Texts whose \(verdict.measure.singular) is wrong</h2>
      <div class="wide"><table><tbody>
      \(rows.joined())</tbody></table></div>
      \(more)
      """
  }

  private static let shownTexts = 12

  private func section(_ diagnosis: Verdict.Diagnosis, _ kind: String) -> String {
    let number = diagnosis.number.map { ", mistake \($0)" } ?? ""
    let confidence = diagnosis.confidence.map { ", confidence \(Figures.short($0))" } ?? ""
    let page = MistakePage.path(number: diagnosis.number)
    return """
      <section class="\(kind)">
      <h2>\(Markup.escaped(diagnosis.title))</h2>
      <p class="id">\(Markup.escaped(diagnosis.id))\(number)\(confidence)</p>
      <dl><dt>Evidence</dt><dd>\(Markup.escaped(diagnosis.evidence))</dd>
      <dt>Remedy</dt><dd>\(Markup.escaped(diagnosis.remedy))</dd>
      <dt>More</dt><dd><a href="\(page)">\(page)</a></dd></dl>
      </section>

      """
  }

  private var deviations: String {
    guard !verdict.deviations.isEmpty else { return "" }
    let sections = verdict.deviations.map { section($0, "deviation") }.joined()
    return folded(
      "\(verdict.deviations.count) deviations of the HTTP API, which change no \(verdict.measure.singular)",
      sections)
  }

  private func folded(_ title: String, _ content: String) -> String {
    content.isEmpty ? "" : "<details><summary>\(Markup.escaped(title))</summary>\n\(content)</details>\n"
  }

  private var plots: String {
    guard !verdict.probes.isEmpty else { return "" }
    let hypotheses =
      HypothesisPlot(verdict: verdict).svg.map { svg in
        "<h2>What each hypothesis leaves</h2>\n<p>\(verdict.measure.symbol), in the median over the probes that it touches: shorter is "
          + "nearer to the observed answers.</p>\n\(svg)\n"
      } ?? ""
    return """
      <p>\(verdict.measure.symbol), one mark a probe: a circle where the diagnosis explains it, a cross where nothing does.</p>
      \(DifferencePlot(probes: verdict.probes, symbol: verdict.measure.symbol).svg)
      \(hypotheses)
      """
  }

  private var notes: String {
    guard !verdict.notes.isEmpty else { return "" }
    let items = verdict.notes.map { "<li>\(Markup.escaped($0))</li>\n" }.joined()
    return "<ul>\n\(items)</ul>\n"
  }

  private var rejected: String {
    guard !verdict.rejected.isEmpty else { return "" }
    let rows = verdict.rejected.map { rejected in
      "<tr><td><code>\(Markup.escaped(rejected.id))</code></td><td>\(Markup.escaped(rejected.title))</td>"
        + "<td>\(Markup.escaped(rejected.reason))</td></tr>\n"
    }
    return """
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
    header { border-left: .6rem solid var(--bar); padding: .2rem 0 .2rem 1.2rem; } .subject { margin: 0; overflow-wrap: anywhere; }
    header.right { border-color: var(--good); } header.wrong { border-color: var(--bad); }
    header h1 { font-size: 3rem; line-height: 1.1; margin: 0; } .right h1 { color: var(--good); } .wrong h1 { color: var(--bad); }
    .numbers { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; padding: 0; }
    .numbers strong { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
    h2 { font-size: 1.1rem; margin-top: 1.5rem; } a { color: inherit; }
    details { margin-top: 1.2rem; } summary { cursor: pointer; font-weight: 600; } .id, .tick { font-family: ui-monospace, monospace; font-size: .85rem; }
    .diagnosis { border-left: 4px solid var(--bad); padding-left: 1rem; }
    .deviation { border-left: 4px solid var(--bar); padding-left: 1rem; } dt { font-weight: 600; }
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

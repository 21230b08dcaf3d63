/// A verdict in words: first the vectors, then the rest of the HTTP API.
package struct VerdictText {
  private let verdict: Verdict

  package init(_ verdict: Verdict) { self.verdict = verdict }

  package var text: String {
    var text = summary + "\n"
    for diagnosis in verdict.diagnoses { text += "\n" + paragraph(diagnosis) }
    if !verdict.deviations.isEmpty { text += "\n\(deviations)\n" }
    for deviation in verdict.deviations { text += "\n" + paragraph(deviation) }
    if !verdict.notes.isEmpty { text += "\n" }
    for note in verdict.notes { text += "note: \(note)\n" }
    let shown = verdict.probes.filter { $0.text != nil }
    if !shown.isEmpty { text += "\n" }
    for probe in shown {
      text +=
        "\(probe.name) \(Figures.short(probe.fromReference ?? .nan)): \(probe.text?.debugDescription ?? "")\n"
    }
    return text
  }

  /// One to three lines about the vectors.
  var summary: String {
    let count = verdict.probes.count
    let (noun, open) = (verdict.measure.noun, count - verdict.explainedCount)
    let precision = verdict.precisions.isEmpty ? "" : " within \(Precision.phrase(verdict.precisions))"
    let largest =
      verdict.largestDifference.map { " (\(verdict.measure.symbol) < \(Figures.bound($0)))" } ?? ""
    let names = verdict.diagnoses.map(\.title).joined(separator: "; ")
    var lines: [String]
    switch verdict.outcome {
    case .agrees: lines = ["right: all \(count) \(noun) are the reference's\(precision)\(largest)"]
    case .incomplete:
      lines = ["incomplete: the \(count) \(noun) that came are the reference's\(precision)\(largest)"]
    case .unknown:
      lines = [
        "wrong, and not explained: \(open) of \(count) \(noun) differ, and no known mistake explains them"
      ]
      if !names.isEmpty { lines.append("besides: \(names)") }
    case .diagnosed:
      lines = ["wrong: \(names)"]
      if !verdict.precisions.isEmpty {
        lines.append(
          "with that, \(verdict.explainedCount) of \(count) \(noun) agree\(precision)\(largest)"
            + (open > 0 ? "; \(open) stay unexplained" : ""))
      }
    }
    if !verdict.missing.isEmpty { lines.append(missing) }
    return lines.joined(separator: "\n")
  }

  /// One line about what has no vector.
  private var missing: String {
    let names = verdict.missing
    return
      "\(names.count) of \(names.count + verdict.probes.count) probes have no \(verdict.measure.singular): "
      + names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
      + " (--allow-missing judges the others alone)"
  }

  /// One line about the rest of the API.
  var deviations: String {
    let count = verdict.deviations.count
    return
      "besides, the HTTP API deviates in \(count == 1 ? "one point" : "\(count) points"), which changes no \(verdict.measure.singular):"
  }

  private func paragraph(_ diagnosis: Verdict.Diagnosis) -> String {
    let number = diagnosis.number.map { " (mistake \($0))" } ?? ""
    let confidence = diagnosis.confidence.map { ", confidence \(Figures.short($0))" } ?? ""
    return """
      \(diagnosis.id)\(number)\(confidence)
        what      \(diagnosis.title)
        evidence  \(diagnosis.evidence)
        remedy    \(diagnosis.remedy)
        more      \(MistakePage.path(number: diagnosis.number))

      """
  }
}

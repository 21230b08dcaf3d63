/// A verdict in words.
package struct VerdictText {
  private let verdict: Verdict

  package init(_ verdict: Verdict) { self.verdict = verdict }

  package var text: String {
    var text = summary + "\n"
    for diagnosis in verdict.diagnoses { text += "\n" + paragraph(diagnosis) }
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

  /// One or two lines.
  var summary: String {
    let count = verdict.probes.count
    let noun = verdict.measure.noun
    let precision = verdict.precisions.isEmpty ? "" : " within \(Precision.phrase(verdict.precisions))"
    let largest =
      verdict.largestDifference.map { " (\(verdict.measure.symbol) < \(Figures.bound($0)))" } ?? ""
    switch verdict.outcome {
    case .agrees: return "agrees: all \(count) \(noun) are the reference's\(precision)\(largest)"
    case .unknown:
      return
        "could not tell: \(verdict.probes.count { !$0.isExplained }) of \(count) \(noun) differ, and no known mistake explains them"
    case .diagnosed:
      let names = verdict.diagnoses.map(\.title).joined(separator: "; ")
      return "diagnosis: \(names)"
        + (verdict.precisions.isEmpty
          ? ""
          : "\nwith that, \(verdict.probes.count(where: \.isExplained)) of \(count) \(noun) agree\(precision)\(largest)")
    }
  }

  private func paragraph(_ diagnosis: Verdict.Diagnosis) -> String {
    let number = diagnosis.number.map { " (mistake \($0))" } ?? ""
    return """
      \(diagnosis.id)\(number), confidence \(Figures.short(diagnosis.confidence))
        what      \(diagnosis.title)
        evidence  \(diagnosis.evidence)
        remedy    \(diagnosis.remedy)
        more      \(MistakePage.path(number: diagnosis.number))

      """
  }
}

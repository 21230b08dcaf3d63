import ForeignText

/// A verdict for continuous integration: first a test case for the vectors, then one for each mistake.
package struct JUnitReport {
  private let verdict: Verdict
  private let subject: String
  private let isStrict: Bool

  /// - Parameters:
  ///   - subject: what was judged: a file's name, a server's address.
  ///   - isStrict: whether deviations of the HTTP API are failures.
  package init(_ verdict: Verdict, subject: String, isStrict: Bool = false) {
    self.verdict = verdict
    self.subject = subject
    self.isStrict = isStrict
  }

  package var xml: String {
    let cases = [vectors] + verdict.diagnoses.map(failed) + deviations + verdict.rejected.map(passed)
    let failures = (isRight ? 0 : 1) + verdict.diagnoses.count
    let skipped = isStrict ? 0 : verdict.deviations.count
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures + verdict.deviations.count - skipped)\" errors=\"0\" "
      + "skipped=\"\(skipped)\" time=\"\(seconds)\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="touchstone check" \(counts)>
        <testsuite name="\(Markup.escaped(subject))" \(counts)>
      \(cases.joined())\(output)  </testsuite>
      </testsuites>

      """
  }

  private var isRight: Bool { verdict.outcome == .agrees }

  private var seconds: String { Figures.fixed(verdict.duration / .seconds(1), digits: 3) }

  /// Whether the vectors are right: the first case, and the one that took the time.
  private var vectors: String {
    let name = "every \(verdict.measure.singular) is the reference's, up to rounding"
    guard !isRight else { return testCase(verdict.measure.noun, name, time: seconds) }
    let summary = VerdictText(verdict).summary
    let message = summary.split(separator: "\n").first.map(String.init) ?? summary
    return testCase(
      verdict.measure.noun, name, time: seconds,
      failure: (verdict.outcome.name, message, ([summary] + verdict.notes).joined(separator: "\n")))
  }

  private func failed(_ diagnosis: Verdict.Diagnosis) -> String {
    testCase(
      diagnosis.id, "not: \(diagnosis.title)",
      failure: (diagnosis.id, diagnosis.title, details(diagnosis)))
  }

  /// Failures where deviations count, else cases that are skipped and say what was seen.
  private var deviations: [String] {
    guard !isStrict else { return verdict.deviations.map(failed) }
    return verdict.deviations.map { deviation in
      let message = Markup.escaped("\(deviation.title): \(deviation.evidence)")
      return
        "\(head("api.\(deviation.id)", "not: \(deviation.title)"))>\n      <skipped message=\"\(message)\"/>\n"
        + "    </testcase>\n"
    }
  }

  private func details(_ diagnosis: Verdict.Diagnosis) -> String {
    var lines = ["evidence: \(diagnosis.evidence)", "remedy: \(diagnosis.remedy)"]
    if let confidence = diagnosis.confidence { lines.append("confidence: \(Figures.short(confidence))") }
    return lines.joined(separator: "\n")
  }

  private func passed(_ rejected: Verdict.Rejected) -> String {
    testCase(rejected.id, "not: \(rejected.title)")
  }

  private func head(_ id: String, _ name: String, time: String? = nil) -> String {
    "    <testcase classname=\"touchstone.check.\(Markup.escaped(id))\" name=\"\(Markup.escaped(name))\""
      + (time.map { " time=\"\($0)\"" } ?? "")
  }

  private func testCase(
    _ id: String, _ name: String, time: String? = nil,
    failure: (type: String, message: String, details: String)? = nil
  ) -> String {
    let head = head(id, name, time: time)
    guard let failure else { return "\(head)/>\n" }
    return """
      \(head)>
            <failure type="\(Markup.escaped(failure.type))" message="\(Markup.escaped(failure.message))">\
      \(Self.lines(failure.details))</failure>
          </testcase>

      """
  }

  private var output: String {
    var lines = [VerdictText(verdict).summary]
    if !verdict.deviations.isEmpty {
      lines.append(VerdictText(verdict).deviations)
      lines += verdict.deviations.map { "  \($0.id): \($0.evidence)" }
    }
    lines += verdict.notes.map { "note: \($0)" }
    return "    <system-out>\(Self.lines(lines.joined(separator: "\n")))</system-out>\n"
  }

  /// Element content may keep its line ends.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Markup.escaped(String($0)) }
      .joined(separator: "\n")
  }
}

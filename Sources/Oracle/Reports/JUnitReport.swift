/// A verdict for continuous integration: a test case for each check, failed where a mistake is named.
package struct JUnitReport {
  private let verdict: Verdict
  private let subject: String

  /// - Parameter subject: what was judged: a file's name, a server's address.
  package init(_ verdict: Verdict, subject: String) {
    self.verdict = verdict
    self.subject = subject
  }

  package var xml: String {
    let cases = [agreement] + verdict.diagnoses.map(failed) + verdict.rejected.map(passed)
    let failures = verdict.diagnoses.count + (verdict.outcome == .unknown ? 1 : 0)
    let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"0\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="touchstone check" \(counts)>
        <testsuite name="\(Markup.escaped(subject))" \(counts)>
      \(cases.joined())\(output)  </testsuite>
      </testsuites>

      """
  }

  /// Whether the vectors are explained at all. The mistakes themselves are cases of their own.
  private var agreement: String {
    let name = "every \(verdict.measure.singular) is the reference's, up to rounding and the mistakes named"
    guard verdict.outcome == .unknown else { return testCase(verdict.measure.noun, name) }
    let message = VerdictText(verdict).summary
    return testCase(
      verdict.measure.noun, name,
      failure: ("unknown", message, (["\(message)"] + verdict.notes).joined(separator: "\n"))
    )
  }

  private func failed(_ diagnosis: Verdict.Diagnosis) -> String {
    let details = """
      evidence: \(diagnosis.evidence)
      remedy: \(diagnosis.remedy)
      confidence: \(Figures.short(diagnosis.confidence))
      """
    return testCase(
      diagnosis.id, "not: \(diagnosis.title)", failure: (diagnosis.id, diagnosis.title, details))
  }

  private func passed(_ rejected: Verdict.Rejected) -> String {
    testCase(rejected.id, "not: \(rejected.title)")
  }

  private func testCase(
    _ id: String, _ name: String, failure: (type: String, message: String, details: String)? = nil
  ) -> String {
    let head =
      "    <testcase classname=\"touchstone.check.\(Markup.escaped(id))\" name=\"\(Markup.escaped(name))\" time=\"0\""
    guard let failure else { return "\(head)/>\n" }
    return """
      \(head)>
            <failure type="\(Markup.escaped(failure.type))" message="\(Markup.escaped(failure.message))">\
      \(Self.lines(failure.details))</failure>
          </testcase>

      """
  }

  private var output: String {
    let lines = [VerdictText(verdict).summary] + verdict.notes.map { "note: \($0)" }
    return "    <system-out>\(Self.lines(lines.joined(separator: "\n")))</system-out>\n"
  }

  /// Element content may keep its line ends.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Markup.escaped(String($0)) }
      .joined(separator: "\n")
  }
}

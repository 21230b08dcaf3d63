import Foundation
import Oracle
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct ReportTests {
  private static let nasty = "<script>&\"'\u{0}\u{1B}[31m\u{FFFE}</failure>]]>"

  private static var verdict: Verdict {
    var verdict = Verdict(
      outcome: .diagnosed, precisions: [.float32], largestDifference: 3e-9,
      diagnoses: [
        Verdict.Diagnosis(
          id: "pooling-mean", number: 4, title: "the states are averaged \(nasty)",
          evidence: "evidence \(nasty)",
          remedy: "remedy \(nasty)", confidence: 0.9)
      ],
      rejected: [
        Verdict.Rejected(id: "pooling-cls", title: "first \(nasty)", medianDifference: 0.3, reason: nasty),
        Verdict.Rejected(id: "no-nfc", title: "no NFC", medianDifference: nil, reason: "does not show"),
      ],
      notes: ["a note \(nasty)"],
      probes: [
        Verdict.ProbeResult(
          name: "plain-words", kind: "plain", tokenCount: 6, fromReference: 0.2, fromDiagnosis: 0,
          isExplained: true),
        Verdict.ProbeResult(
          name: "empty", kind: "plain", tokenCount: 1, fromReference: nil, fromDiagnosis: .infinity,
          isExplained: false),
        Verdict.ProbeResult(
          name: "code", kind: "whiteSpace", tokenCount: 9, fromReference: 1e-20, fromDiagnosis: 2,
          isExplained: false),
      ])
    verdict.duration = .milliseconds(1250)
    return verdict
  }

  private final class Counter: NSObject, XMLParserDelegate {
    var names: [String: Int] = [:]
    var attributes: [[String: String]] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      names[name, default: 0] += 1
      self.attributes.append(attributes)
    }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func parsed(_ xml: String) -> Counter? {
    let parser = XMLParser(data: Data(xml.utf8))
    let counter = Counter()
    parser.delegate = counter
    return parser.parse() ? counter : nil
  }

  @Test func junitHasACaseForEachCheck() throws {
    let suite = try #require(parsed(JUnitReport(Self.verdict, subject: "a\(Self.nasty)").xml))
    #expect(suite.names == ["testsuites": 1, "testsuite": 1, "testcase": 4, "failure": 2, "system-out": 1])
    #expect(suite.attributes[0]["tests"] == "4" && suite.attributes[0]["failures"] == "2")
    // The first case is about the vectors, fails where they are wrong, and took the time.
    let first = try #require(suite.attributes.first { $0["classname"] != nil })
    #expect(first["classname"] == "touchstone.check.vectors" && first["time"] == "1.250")
    #expect(suite.attributes.count { $0["time"] != nil } == 3)
    #expect(suite.text.contains("evidence: evidence <script>&\"'"))
    #expect(suite.attributes.contains { $0["classname"] == "touchstone.check.pooling-mean" })
  }

  @Test func junitFailsWhatCouldNotBeTold() throws {
    var verdict = Self.verdict
    verdict.outcome = .unknown
    verdict.diagnoses = []
    let suite = try #require(parsed(JUnitReport(verdict, subject: "a file").xml))
    #expect(suite.names["failure"] == 1)
    verdict.outcome = .agrees
    let agreeing = try #require(parsed(JUnitReport(verdict, subject: "a file").xml))
    #expect(agreeing.names["failure"] == nil)
  }

  @Test func htmlQuotesEverythingAndLoadsNothing() {
    let html = HTMLReport(Self.verdict, subject: Self.nasty).html
    #expect(!html.contains("<script"))
    #expect(!html.contains("]]>"))
    #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url("))
    #expect(html.contains("pooling-mean, mistake 4, confidence 0.900"))
    // A mark for each probe with a figure, and shape beside color.
    #expect(html.split(separator: "<circle").count - 1 == 2)
    #expect(html.split(separator: "<path class=\"bad\"").count - 1 == 2)
    #expect(!html.contains("nan") && !html.contains("inf\""))
  }

  /// One word, three numbers, the texts that are wrong, the page of the mistake; the rest is folded.
  @Test func htmlOpensWithTheVerdict() throws {
    var verdict = Self.verdict
    verdict.deviations = [
      Verdict.Diagnosis(id: "usage-wrong", number: nil, title: "usage", evidence: "e", remedy: "r")
    ]
    let html = HTMLReport(verdict, subject: "x").html
    let opening = try #require(html.split(separator: "<details>").first)
    #expect(opening.contains("<h1>Wrong</h1>"))
    #expect(
      opening.contains(
        "<li><strong>0 of 3</strong> texts right</li><li><strong>1</strong> mistake named</li>"
          + "<li><strong>1</strong> deviations of the API</li>"))
    #expect(opening.contains("<a href=\"docs/mistakes/04-pooling.md\">"))
    #expect(opening.contains("plain-words") && opening.contains("not explained"))
    #expect(!opening.contains("usage-wrong") && html.contains("usage-wrong"))
    for (outcome, word) in [
      (Verdict.Outcome.agrees, "Right"), (.unknown, "Wrong, unexplained"), (.incomplete, "Incomplete"),
    ] {
      verdict.outcome = outcome
      #expect(HTMLReport(verdict, subject: "x").html.contains("<h1>\(word)</h1>"))
    }
  }

  /// The scale begins at the power of ten below the smallest difference, and no lower than float32 can tell
  /// apart.
  @Test func theScaleFitsTheData() {
    func labels(_ smallest: Double, _ largest: Double) -> [String] {
      var verdict = Self.verdict
      verdict.rejected = []
      verdict.probes = verdict.probes.prefix(1).map { probe in
        var probe = probe
        (probe.fromReference, probe.fromDiagnosis) = (largest, smallest)
        return probe
      }
      return HTMLReport(verdict, subject: "x").html.matches(of: /text-anchor="middle">([^<]*)</)
        .map { String($0.1) }
    }
    #expect(labels(3e-6, 0.4) == ["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "0.1", "1"])
    #expect(labels(1e-20, 1).first == "1e-14")
    #expect(labels(0.3, 0.4) == ["1e-4", "1e-3", "1e-2", "0.1", "1"])
  }

  @Test func textsAreShownOnlyWhenAskedFor() {
    var verdict = Self.verdict
    #expect(!HTMLReport(verdict, subject: "x").html.contains("<th>text</th>"))
    verdict.probes[0].text = "wooden <table>"
    #expect(HTMLReport(verdict, subject: "x").html.contains("wooden &lt;table&gt;"))
  }
}

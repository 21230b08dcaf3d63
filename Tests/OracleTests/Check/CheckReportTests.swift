import Foundation
import JSON
import Oracle
import Testing

struct CheckReportTests {
  private let emulator: Emulator
  private let verdict: Verdict

  init() throws {
    emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    let answers = try emulator.answers(probes) { $0.ending = .missing }
    verdict = try Examination(emulator, probes, answers).verdict()
  }

  @Test func wordsNameTheMistake() {
    let text = VerdictText(verdict).text
    #expect(text.contains("wrong: no end-of-text token is appended"))
    #expect(text.contains("docs/mistakes/01-end-of-text-missing.md"))
  }

  @Test func jsonHasTheAgreedKeys() throws {
    var bytes: [UInt8] = []
    bytes.append(json: VerdictJSON(verdict).value)
    let value = try JSONParser.parse(bytes)
    #expect(value["agrees"] == .bool(false))
    guard case .array(let diagnoses)? = value["diagnoses"], case .array(let rejected)? = value["rejected"]
    else {
      return #expect(Bool(false), "no lists")
    }
    #expect(diagnoses.map { $0["id"] } == [.string("end-of-text-missing")])
    for key in ["outcome", "deviations", "missing", "numbers", "seconds"] { #expect(value[key] != nil) }
    for key in ["id", "title", "evidence", "confidence"] { #expect(diagnoses[0][key] != nil) }
    #expect(rejected.count > 20)
  }

  /// Every mistake has its page, which names it.
  @Test func everyMistakeIsExplained() throws {
    for mistake in Mistake.all + Mistake.ofRerankers {
      let page = MistakenVectors.folder.deletingLastPathComponent()
        .appending(path: MistakePage.path(number: mistake.number))
      let text = try String(contentsOf: page, encoding: .utf8)
      #expect(text.contains("`\(mistake.id)`"), "\(mistake.id)")
    }
  }

  /// Texts are somebody's business: reports have names of probes only.
  @Test func textsStayOut() throws {
    var bytes: [UInt8] = []
    bytes.append(json: VerdictJSON(verdict).value)
    for report in [VerdictText(verdict).text, String(decoding: bytes, as: UTF8.self)] {
      #expect(!report.contains("wooden table"))
      #expect(!report.contains("disk is full"))
    }
    let probes = emulator.probes()
    let shown = try Examination(emulator, probes, emulator.answers(probes)).verdict(showsTexts: true)
    #expect(VerdictText(shown).text.contains("wooden table"))
  }
}

import Oracle
import Qwen3
import Testing
import Touchstone

struct CheckEmulationTests {
  /// With no deviation the model written once more is the engine's.
  @Test(arguments: [
    "models/f32.gguf", "models/bf16.gguf", "models/q8_0.gguf", "models/q4_k_m.gguf", "models/non-causal.gguf",
    "models/rope-linear.gguf", "models/rope-yarn.gguf",
  ])
  func emulationWithoutMistakesIsTheEngine(_ model: String) throws {
    let emulator = try Emulator.test(model)
    for probe in emulator.probes() where probe.kind == .plain || probe.kind == .query {
      let (engine, emulated) = try emulator.bothStates(of: probe)
      #expect(cosineDistance(engine, emulated) < 1e-11, "\(probe.name)")
    }
  }

  /// Merging by the lowest rank and regular expressions, against the engine's tokenizer.
  @Test(arguments: ["models/f32.gguf", "qwen2-vocab.gguf", "demo/demo-q4_k_m.gguf"])
  func plainTokenizerIsTheEngines(_ model: String) throws {
    for text in ProbeSet.texts {
      let (engine, plain) = try Emulator.bothTokenizations(of: text, path: MistakenVectors.path(model))
      #expect(engine == plain, "\(text.debugDescription)")
    }
  }

  @Test func everyPatternIsOne() throws {
    for rule in SplitRule.allCases {
      for pattern in rule.patterns { _ = try Regex(pattern) }
    }
  }

  @Test func limitsCutWhereTheySay() {
    let ids: [Int32] = [1, 2, 3, 4, 5, 9]
    func cut(_ kind: TokenLimit.Cut) -> [Int32] { TokenLimit(count: 4, cut: kind)(ids, endCount: 1) }
    #expect(cut(.keepsEnd) == [1, 2, 3, 9])
    #expect(cut(.dropsEnd) == [1, 2, 3, 4])
    #expect(cut(.endOnTop) == [1, 2, 3, 4, 9])
    #expect(cut(.keepsTail) == [3, 4, 5, 9])
    #expect(TokenLimit(count: 6, cut: .dropsEnd)(ids, endCount: 1) == ids)
  }

  @Test func textsAreChangedAsServicesDo() {
    let text = " \ta  b\r\n c\u{A0}\n"
    #expect(TextPreparation.stripsBothEnds(text) == "a  b\r\n c")
    #expect(TextPreparation.stripsStart(text) == "a  b\r\n c\u{A0}\n")
    #expect(TextPreparation.stripsEnd(text) == " \ta  b\r\n c")
    #expect(TextPreparation.collapses(text) == "a b c")
    #expect(TextPreparation.lineEndsBecomeSpaces("a\nb\r\n") == "a b\r ")
    #expect(TextPreparation.carriageReturnsGo("a\r\nb") == "a\nb")
  }

  @Test func longTextHasItsLength() throws {
    let emulator = try Emulator.test("demo/demo-q4_k_m.gguf")
    let probe = try #require(emulator.probes().first { $0.kind == .length })
    #expect(try emulator.ids(of: probe, .reference).count == 552)
  }
}

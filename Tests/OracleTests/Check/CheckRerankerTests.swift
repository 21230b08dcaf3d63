import Foundation
import JSON
import Oracle
import Testing
import Touchstone

/// Scores of every mistake of a reranker, made with transformers: `testdata/mistakes/rerank-yes-no.json`.
struct CheckRerankerTests {
  static let model = "models/rerank-yes-no.gguf"

  static let cases: [MistakenVectors.Case] = {
    do {
      let file = MistakenVectors.folder.appending(path: "mistakes/rerank-yes-no.json")
      let json = try JSONParser.parse(Array(Data(contentsOf: file)))
      guard case .array(let rows)? = json["cases"] else { throw CocoaError(.fileReadCorruptFile) }
      return rows.map { row in
        var observations: Observations = [:]
        if case .object(let scores)? = row["scores"] {
          for score in scores {
            if case .number(let digits) = score.value, let value = Float(digits) {
              observations[score.key] = .vector([value])
            }
          }
        }
        guard case .array(let names)? = row["mistakes"] else { return .init(mistakes: [], observations: [:]) }
        return .init(
          mistakes: names.compactMap { if case .string(let name) = $0 { name } else { nil } },
          observations: observations)
      }
    } catch { preconditionFailure("testdata/mistakes: \(error)") }
  }()

  /// Each has an emulator of its own, so that they may run side by side.
  @Test(arguments: cases)
  func everyMistakeIsNamed(_ item: MistakenVectors.Case) throws {
    let emulator = try Emulator.test(Self.model)
    let probes = emulator.probeSet(includesLong: false)
    let verdict = try Examination(emulator, probes, item.observations).verdict()
    let expected = item.mistakes == [MistakenVectors.correct] ? [] : item.mistakes
    #expect(Set(verdict.diagnoses.map(\.id)) == Set(expected))
    #expect(verdict.outcome == (expected.isEmpty ? .agrees : .diagnosed))
    #expect(verdict.precision == "float32")
    #expect(verdict.measure == .scores)
    for diagnosis in verdict.diagnoses { #expect((0.5...1).contains(diagnosis.confidence ?? 1)) }
  }

  /// What is in the catalogue and not in the file shows in no text of this small vocabulary.
  @Test func nearlyAllAreCovered() {
    #expect(Self.cases.count > 30)
    let covered = Set(Self.cases.flatMap(\.mistakes))
    let own = Set(Mistake.ofRerankers.map(\.id).filter { $0.hasPrefix("reranker-") })
    #expect(own.subtracting(covered) == [])
    #expect(covered.isSuperset(of: ["reranker-truncation", "reranker-truncation-drops-suffix"]))
  }

  /// The reference is what the library says of the same documents.
  @Test func theReferenceIsTheLibrarys() throws {
    let emulator = try Emulator.test(Self.model)
    let model = try RerankModel(path: MistakenVectors.path(Self.model), threads: 1)
    var options = RerankOptions()
    options.activations = .f32
    for probe in emulator.probeSet(includesLong: false) {
      guard case .pair(let query, let document, let instruction) = probe.content else { continue }
      let score = try model.rerank(
        query: query, instruction: instruction ?? RerankModel.defaultInstruction, documents: [document],
        options: options)[0]
      let emulated = try #require(try emulator.vector(of: probe, .reference)?.first)
      #expect(abs(score.score - Double(emulated)) < 1e-6, "\(probe.name)")
      #expect(try emulator.ids(of: probe, .reference).count == score.tokenCount)
    }
  }

  /// Logarithms of probabilities near 1 are small numbers, and so are probabilities near 0.
  @Test func aProbabilityIsNoLogarithm() throws {
    let emulator = try Emulator.test(Self.model)
    let probe = Probe(
      name: "pair", kind: .plain, content: .pair(query: "a", document: "b", instruction: nil))
    func rejected(_ score: Float) throws -> [String] {
      try Examination(emulator, [probe], ["pair": .vector([score])], searchTime: .zero).verdict()
        .diagnoses.map(\.id)
    }
    #expect(try !rejected(0.02).contains("reranker-log-probability"))
  }

  /// Rounding is no mistake.
  @Test(
    arguments: ["models/rerank-yes-no.gguf", "models/rerank-output.gguf"],
    [TransformerRule.Rounding.bfloat16, .half, .eightBit])
  func correctEnginesAreNotAccused(_ model: String, _ rounding: TransformerRule.Rounding) throws {
    let emulator = try Emulator.test(model)
    let probes = emulator.probeSet(includesLong: false)
    var recipe = Recipe.reference
    recipe.transformer.rounding = rounding
    var observations: Observations = [:]
    for probe in probes where probe.kind != .length {
      observations[probe.name] = try emulator.vector(of: probe, recipe).map(Observation.vector)
    }
    let verdict = try Examination(emulator, probes, observations).verdict()
    #expect(verdict.outcome == .agrees, "\(verdict.diagnoses)")
    #expect(VerdictText(verdict).text.contains("scores are the reference's within "))
  }

  @Test func scoresAreReadFromAFile() throws {
    let probes = try Emulator.test(Self.model).probeSet(includesLong: false)
    func read(_ text: String) throws -> Observations {
      try VectorFile.observations(
        Array(text.utf8), name: "scores.jsonl", probes: probes, hiddenSize: 64, measure: .scores)
    }
    #expect(
      try read(#"{"id":"answer","score":0.25}"# + "\n" + #"{"id":"words","score":NaN}"#)
        == ["answer": .vector([0.25]), "words": .notFinite(count: 1)])
    #expect(throws: OracleError.input("scores.jsonl:1: 'answer' has no \"score\", a number")) {
      try read(#"{"id":"answer","embedding":[1]}"#)
    }
  }
}

import JSON
import KnownAnswers
import TestModels
import TestSupport
import Testing
import Touchstone

@Suite struct VerificationTests {
  private func verify(_ answers: KnownAnswers, path: String = TestModels.demo) throws -> Verification {
    try Verification(path: path, as: .embedding06B, answers: answers, threads: 2)
  }

  @Test func aFileWithTheKnownAnswersIsWithin() throws {
    let verification = try verify(try StandIn().embedding(as: .embedding06B))
    #expect(verification.outcome == .within)
    #expect(verification.figures.count == 4)
    #expect(verification.figures.allSatisfy { $0.isWithin })
    // The golden vectors are of the quantized weights: far closer than is allowed.
    #expect(try #require(verification.figures[1].measured) < 1e-7)
    #expect(try #require(verification.figures[2].measured) < 1e-6)
    #expect(try #require(verification.figures[3].measured) < 1e-3)
  }

  @Test func aWrongVectorIsOutside() throws {
    var answers = try StandIn().embedding(as: .embedding06B)
    let known = answers.vectors[0]
    answers.vectors[0] = .init(
      model: known.model, text: known.text, instruction: nil, components: known.components.reversed(),
      isWhole: true, source: "")
    let verification = try verify(answers)
    #expect(verification.outcome == .outside)
    #expect(verification.figures.map(\.isWithin) == [true, false, true, true])
  }

  @Test func aVectorOfAnotherLengthIsOutside() throws {
    var answers = try StandIn().embedding(as: .embedding06B)
    let known = answers.vectors[0]
    answers.vectors[0] = .init(
      model: known.model, text: known.text, instruction: nil, components: known.components.dropLast(),
      isWhole: true, source: "")
    #expect(try verify(answers).outcome == .outside)
  }

  @Test func wrongSimilaritiesAreOutside() throws {
    var answers = try StandIn().embedding(as: .embedding06B)
    let known = answers.similarities[0]
    answers.similarities[0] = .init(
      model: known.model, matrix: known.matrix.map { $0.map { $0 + 0.3 } }, source: "")
    #expect(try verify(answers).figures.map(\.isWithin) == [true, true, true, false])
  }

  /// The vectors of another vocabulary would say nothing, and cost time.
  @Test func otherTokenIDsEndTheVerification() throws {
    var answers = try StandIn().embedding(as: .embedding06B)
    answers.tokenIDs.append(.init(text: "a", ids: [1, 2, 3]))
    let verification = try verify(answers)
    #expect(verification.outcome == .outside)
    #expect(verification.figures.count == 1)
    #expect(verification.figures[0].measured == 1)
  }

  @Test func aRerankersScoresAreCompared() throws {
    let answers = try StandIn.scores(as: .reranker06B)
    #expect(!answers.rerankScores.isEmpty)
    let path = TestModels.path("rerank-yes-no")
    let verification = try Verification(path: path, as: .reranker06B, answers: answers, threads: 2)
    #expect(verification.outcome == .within)
    #expect(verification.figures.allSatisfy { ($0.measured ?? 1) < 1e-3 })
    var wrong = answers
    let known = wrong.rerankScores[0]
    wrong.rerankScores[0] = .init(
      model: known.model, query: known.query, documents: known.documents,
      scores: known.scores.map { 1 - $0 }, source: "")
    #expect(
      try Verification(path: path, as: .reranker06B, answers: wrong, threads: 2).outcome == .outside)
  }

  @Test func nothingPublishedIsNotChecked() throws {
    var answers = try StandIn().embedding(as: .embedding8B)
    #expect(try verify(answers).outcome == .notChecked)
    answers.tokenIDs = []
    #expect(try verify(answers).figures == [])
  }

  @Test func otherModelsAreNotOfficial() throws {
    for (path, words) in [
      (TestModels.demo, "the shape of no official"),
      (TestModels.path("rerank-tied"), "the shape of no official"),
      (TestModels.testdata.appending(path: "qwen2-vocab.gguf").path, "no weights"),
    ] {
      let verification = try Verification(path: path)
      #expect(verification.outcome == .notOfficial)
      #expect(verification.sentence.contains(words))
      #expect(verification.model == nil)
    }
  }

  @Test func reportsHaveFiguresAndNoTexts() throws {
    let answers = try StandIn().embedding(as: .embedding06B)
    let report = VerificationReport(try verify(answers), processor: "Some CPU")
    #expect(report.text.hasPrefix("demo-q4_k_m.gguf: the answers match those published"))
    for part in ["### touchstone verify: within", "Q6_K 5, Q4_K 24, F32 17", "Some CPU", "| ok |", "0.1.0"] {
      #expect(report.markdown.contains(part), "\(part)")
    }
    var json: [UInt8] = []
    json.append(json: report.json)
    #expect(report.json["outcome"] == .string("within"))
    for text in answers.queries + answers.documents + answers.vectors.map(\.text) {
      for output in [report.text, report.markdown, String(decoding: json, as: UTF8.self)] {
        #expect(!output.contains(text))
      }
    }
  }
}

import Explanations
import TestModels
import Testing
import Touchstone

/// What is left when a word is missing is embedded as by itself: to the bit, whatever was shared.
struct LeaveOneOutTests {
  private static let query = "where did the missing file go"
  private static let document =
    "The file was not found. Look in the other folder, then ask 猫に聞く。 It may be gone!"

  @Test(
    arguments: ["q4_k_m", "f32", "pooling-mean", "pooling-cls", "non-causal"], ActivationPrecision.allCases)
  func vectorsAreThoseOfTheShortenedTexts(_ name: String, _ activations: ActivationPrecision) async throws {
    let model = try TestModels.load(name)
    var request = ExplanationRequest(Self.query, as: .query, documents: [Self.document])
    request.activations = activations
    let match = try #require(
      try await Explanation(request, DirectPasses(.embedding(model))).match?.documents.first)
    let options = TestModels.options(activations)
    func vector(_ text: String, _ role: EmbeddingRole) throws -> [Float] {
      try model.embed([EmbeddingInput(text, as: role)], options: options)[0].values
    }
    let (query, document) = (try vector(Self.query, .query), try vector(Self.document, .document))
    #expect(match.value == cosine(query, document))
    let units = match.ofDocument.words + match.ofDocument.sentences
    #expect(match.ofDocument.words.count == 20 && match.ofDocument.sentences.count == 3)
    for unit in units {
      let rest = TextUnits.text(Self.document, without: unit.bytes)
      #expect(unit.without == cosine(query, try vector(rest, .document)), "\(unit.text)")
    }
    #expect(match.ofQuery.words.count == 6)
    for unit in match.ofQuery.words {
      let rest = TextUnits.text(Self.query, without: unit.bytes)
      #expect(unit.without == cosine(try vector(rest, .query), document), "\(unit.text)")
    }
  }

  @Test(arguments: ["rerank-yes-no", "rerank-tied"])
  func scoresAreThoseOfTheShortenedTexts(_ name: String) async throws {
    let model = try RerankModel(path: TestModels.path(name), threads: 2)
    let request = ExplanationRequest(Self.query, documents: [Self.document, "It rains."])
    let explanation = try await Explanation(request, DirectPasses(.reranker(model)))
    let documents = try #require(explanation.match?.documents)
    #expect(documents.count == 2 && explanation.vectors == nil)
    let match = documents[0]
    let rests = (match.ofDocument.words + match.ofDocument.sentences).map {
      TextUnits.text(Self.document, without: $0.bytes)
    }
    let scores = try model.rerank(query: Self.query, documents: [Self.document] + rests)
    #expect(match.value == scores[0].logitDifference && match.probability == scores[0].score)
    #expect(
      (match.ofDocument.words + match.ofDocument.sentences).map(\.without)
        == scores.dropFirst().map(\.logitDifference))
    for unit in match.ofQuery.words {
      let rest = TextUnits.text(Self.query, without: unit.bytes)
      let score = try model.rerank(query: rest, documents: [Self.document])[0]
      #expect(unit.without == score.logitDifference, "\(unit.text)")
    }
  }

  /// The order of two documents, and the word that makes it.
  @Test func twoDocumentsAreCompared() async throws {
    let model = try AnyModel(path: TestModels.demo, threads: 2)
    let texts = ["The printer is out of paper.", "The file was not found."]
    let request = ExplanationRequest(Self.query, as: .query, documents: texts)
    let match = try #require(try await Explanation(request, DirectPasses(model)).match)
    let comparison = try #require(match.comparison)
    #expect(comparison.above == 1 && comparison.below == 0)
    #expect(comparison.lead == match.documents[1].value - match.documents[0].value)
    #expect(comparison.queryWords.count == 6)
    for (index, unit) in comparison.queryWords.enumerated() {
      let without =
        match.documents[1].ofQuery.words[index].without - match.documents[0].ofQuery.words[index].without
      #expect(unit.without == without && unit.effect == comparison.lead - without)
    }
    let decisive = try #require(comparison.decisive)
    #expect(decisive.unit.effect == match.documents[1].ofDocument.words.map(\.effect).max())
    #expect(decisive.turns == (decisive.unit.without < match.documents[0].value))
  }

  /// A bound on the work joins words.
  @Test func longTextsHaveSeveralWordsLeftOutTogether() async throws {
    let model = try AnyModel(path: TestModels.demo, threads: 2)
    let text = (0..<300).map { "word\($0)" }.joined(separator: " ")
    var request = ExplanationRequest("a query", as: .query, documents: [text])
    request.unitLimit = 20
    request.comparesVectors = false
    let match = try #require(try await Explanation(request, DirectPasses(model)).match?.documents.first)
    #expect(match.ofDocument.words.count == 20 && match.ofDocument.wordsTogether == 15)
    #expect(match.ofDocument.words.map(\.text).joined() == text)
    request.unitLimit = 256
    request.leftOutTokens = 10 * match.tokenCount
    let bounded = try #require(try await Explanation(request, DirectPasses(model)).match)
    #expect(bounded.documents[0].ofDocument.words.count == 10)
  }
}

import Explanations
import Qwen3
import TestModels
import Testing
import Touchstone

/// The numbers of an explanation are those of transformers, in float32.
struct GoldenExplanationTests {
  private static let golden = GoldenExplanation.shared
  private static let model: AnyModel = {
    do { return try AnyModel(path: TestModels.demo, threads: 2) } catch { fatalError("\(error)") }
  }()

  private func explanation(
    _ text: String, as role: EmbeddingRole = .document, documents: [String] = [],
    _ activations: ActivationPrecision = .f32
  ) async throws -> Explanation {
    var request = ExplanationRequest(text, as: role, documents: documents)
    request.activations = activations
    return try await Explanation(request, DirectPasses(Self.model))
  }

  private func isNear(_ found: Double, _ wanted: Double, _ bound: Double = GoldenExplanation.bound) -> Bool {
    (found - wanted).magnitude <= bound
  }

  /// A length, relative to itself.
  private func isNear(length found: Double, _ wanted: Double) -> Bool {
    isNear(found / wanted, 1)
  }

  @Test(arguments: golden.texts.indices)
  func theStreamIsThatOfTransformers(_ index: Int) async throws {
    let wanted = Self.golden.texts[index]
    let explanation = try await explanation(wanted.text)
    #expect(explanation.tokens.tokens.map(\.id) == wanted.ids)
    let stream = explanation.stream
    #expect(isNear(length: stream.embeddingNorm, wanted.embeddingNorm))
    #expect(isNear(stream.embeddingCosine, wanted.embeddingCosine))
    #expect(stream.layers.count == wanted.layers.count)
    for (layer, wanted) in zip(stream.layers, wanted.layers) {
      #expect(isNear(length: layer.norm, wanted.norm))
      #expect(isNear(length: layer.attentionNorm, wanted.attentionNorm))
      #expect(isNear(length: layer.feedForwardNorm, wanted.feedForwardNorm))
      #expect(isNear(length: layer.largestNorm, wanted.largestNorm))
      #expect(layer.largestToken == wanted.largestToken)
      #expect(isNear(layer.cosineAfterAttention, wanted.cosineAfterAttention))
      #expect(isNear(layer.cosine, wanted.cosine))
    }
    #expect(isNear(stream.layers.last?.cosine ?? 0, 1))
  }

  @Test(arguments: golden.texts.indices)
  func attentionIsThatOfTransformers(_ index: Int) async throws {
    let wanted = Self.golden.texts[index]
    let attention = try await explanation(wanted.text).attention
    #expect(attention.layers.count == wanted.layers.count && attention.tokenCount == wanted.ids.count)
    for (layer, wanted) in wanted.layers.enumerated() {
      #expect(attention.layers[layer].count == wanted.attention.count)
      for (head, shares) in wanted.attention.enumerated() {
        for (found, share) in zip(attention.layers[layer][head], shares) {
          #expect(isNear(Double(found), share), "layer \(layer), head \(head)")
        }
        // Of shares with an error of 2e-7 each, times their logarithm.
        #expect(isNear(attention.entropy(layer: layer, head: head), wanted.entropies[head], 1e-5))
      }
    }
  }

  @Test(arguments: golden.texts.indices)
  func widthsAreThoseOfTransformers(_ index: Int) async throws {
    let wanted = Self.golden.texts[index]
    #expect(BuiltInCorpus.texts == Self.golden.corpus)
    let view = try #require(try await explanation(wanted.text).vectors)
    #expect(view.widths.map(\.name) == wanted.widths.map { "\($0.width)" })
    for (width, wanted) in zip(view.widths, wanted.widths) {
      #expect(isNear(1 - width.distance, wanted.cosine))
      #expect(isNear(width.agreement, wanted.agreement, 1e-7))
      #expect(width.commonNearest == wanted.commonNearest)
      #expect(isNear(width.largestChange, wanted.largestChange))
    }
  }

  @Test(arguments: golden.merges.indices)
  func mergesAreThoseOfThePaper(_ index: Int) throws {
    let wanted = Self.golden.merges[index]
    let tokenizer = Self.model.tokenizer
    let ids = tokenizer.tokenIDs(of: wanted.piece)
    let view = TokenView(wanted.piece, ids: ids, tokenizer)
    #expect(view.pieces.count == 1)
    let merges = try #require(MergeView(piece: 0, of: view, tokenizer))
    let found = merges.steps.map { GoldenExplanation.Merges.Step(rank: $0.rank, tokens: $0.tokens) }
    #expect(found == wanted.steps)
  }

  @Test func wordsCarryWhatTheyCarryInTransformers() async throws {
    let golden = Self.golden
    let found = try #require(
      try await explanation(golden.query, as: .query, documents: golden.match.map(\.text)).match)
    #expect(found.measure == .cosine)
    try compare(found, golden.match, GoldenExplanation.bound)
  }

  @Test func aRerankersWordsCarryWhatTheyCarryInTransformers() async throws {
    let golden = Self.golden
    let model = try AnyModel(path: TestModels.path(golden.reranker), threads: 2)
    var request = ExplanationRequest(golden.query, documents: golden.rerankMatch.map(\.text))
    request.activations = .f32
    let found = try #require(try await Explanation(request, DirectPasses(model)).match)
    #expect(found.measure == .logit)
    try compare(found, golden.rerankMatch, GoldenExplanation.logitBound)
  }

  private func compare(
    _ found: MatchExplanation, _ wanted: [GoldenExplanation.Match], _ bound: Double
  ) throws {
    #expect(found.documents.count == wanted.count)
    for (document, wanted) in zip(found.documents, wanted) {
      #expect(isNear(document.value, wanted.value, bound))
      #expect(document.ofDocument.words.count == wanted.documentWithout.count)
      #expect(document.ofQuery.words.count == wanted.queryWithout.count)
      for (unit, without) in zip(document.ofDocument.words, wanted.documentWithout) {
        #expect(isNear(unit.without, without, bound), "\(unit.text)")
        #expect(unit.effect == document.value - unit.without)
      }
      for (unit, without) in zip(document.ofQuery.words, wanted.queryWithout) {
        #expect(isNear(unit.without, without, bound), "\(unit.text)")
      }
    }
  }
}

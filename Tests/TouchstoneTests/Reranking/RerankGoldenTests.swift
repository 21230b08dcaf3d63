import Testing
import Touchstone

/// Prompts and scores against transformers and tokenizers, run as the model card runs them.
@Suite struct RerankGoldenTests {
  @Test func promptsHaveTheReferenceIDs() throws {
    let model = try RerankModel(path: RerankGolden.paths[0])
    for query in RerankGolden.shared.queries {
      let ids = try model.tokenIDs(
        query: query.query, instruction: query.instruction, documents: query.documents.map(\.text),
        options: query.options(.i16))
      for (found, document) in zip(ids, query.documents) {
        #expect(found == document.ids, "\(query.query): \(document.text)")
      }
    }
  }

  @Test(arguments: RerankGolden.shared.models.indices, ActivationPrecision.allCases)
  func scoresAgree(_ index: Int, _ activations: ActivationPrecision) throws {
    let golden = RerankGolden.shared.models[index]
    let model = try RerankModel(path: golden.path)
    for (query, expected) in zip(RerankGolden.shared.queries, golden.scores) {
      let scores = try query.scores(model, query.options(activations))
      #expect(scores.count == expected.count)
      for (found, expected) in zip(scores, expected) {
        let logit = abs(found.logitDifference - expected.exactLogitDifference)
        let score = abs(found.score - expected.exactScore)
        let tolerance = Self.tolerance(of: activations)
        #expect(logit < tolerance && score < tolerance / 4, "\(golden.model): logit \(logit), score \(score)")
        if activations == .f32 {
          #expect(abs(found.logitDifference - expected.logitDifference) < tolerance)
          #expect(abs(found.score - expected.score) < tolerance / 4)
        }
      }
    }
  }

  /// Of logits; the sigmoid is nowhere steeper than 1/4.
  ///
  /// Transformers in float32 is up to 9e-6 from float64, and another float32 implementation as far on its
  /// own. A logit feels the rounding of activations itself, not its square as a cosine does: 16-bit ones are
  /// 257 times finer than 8-bit ones. The largest seen are 1.1e-5, 6.8e-4 and 0.25.
  static func tolerance(of activations: ActivationPrecision) -> Double {
    switch activations {
    case .f32: 3e-5
    case .i16: 2e-3
    case .i8: 0.5
    }
  }

  /// A test of scores needs scores that differ.
  @Test func theGoldenScoresAreSpread() {
    let all = RerankGolden.shared.models.flatMap { $0.scores.flatMap { $0 } }.map(\.exactScore)
    for bound in [0.02, 0.1, 0.3, 0.5] { #expect(all.count { $0 < bound } > 5) }
    for bound in [0.5, 0.7, 0.9, 0.98] { #expect(all.count { $0 > bound } > 5) }
  }
}

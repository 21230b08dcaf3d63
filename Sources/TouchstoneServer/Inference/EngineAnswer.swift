import Touchstone

/// What the engine made of a request, and what it tells of the work behind it, whatever the dialect.
package struct EngineAnswer<Output: InputResult>: Sendable {
  /// The served name of the model that computed the results.
  package let model: String
  /// One for each input, in their order.
  package let results: [Output]
  package let timings: RequestTimings

  package init(model: String, results: [Output], timings: RequestTimings) {
    self.model = model
    self.results = results
    self.timings = timings
  }

  package var inputCount: Int { results.count }
  /// Tokens of the inputs before truncation.
  package var tokensGiven: Int { results.reduce(0) { $0 + $1.inputTokenCount } }
  /// Tokens of the inputs that were read.
  package var tokensUsed: Int { results.reduce(0) { $0 + $1.tokenCount } }
  /// The places of the inputs that were cut.
  package var truncatedInputs: [Int] { results.indices.filter { results[$0].isTruncated } }
}

/// The vectors of a request's inputs.
package typealias EmbeddingAnswer = EngineAnswer<Embedding>
/// The scores of a request's documents.
package typealias RerankAnswer = EngineAnswer<RerankScore>

/// The scores of a request's pairs of texts.
package typealias ScoreAnswer = EngineAnswer<PairScore>

/// What the engine made of one input.
package protocol InputResult: Sendable {
  /// The tokens that went through the model.
  var tokenCount: Int { get }
  /// The same before truncation.
  var inputTokenCount: Int { get }
  var isTruncated: Bool { get }
}

extension Embedding: InputResult {}
extension RerankScore: InputResult {}

/// How well two texts go together: a reranker's probability, or the cosine of two vectors.
package struct PairScore: InputResult, Equatable {
  package let score: Double
  package let tokenCount: Int
  package let inputTokenCount: Int

  package var isTruncated: Bool { inputTokenCount > tokenCount }

  init(_ result: RerankScore, score: Double) {
    self.score = score
    tokenCount = result.tokenCount
    inputTokenCount = result.inputTokenCount
  }

  init(_ first: Embedding, _ second: Embedding) {
    score = Double(first.similarity(to: second))
    tokenCount = first.tokenCount + second.tokenCount
    inputTokenCount = first.inputTokenCount + second.inputTokenCount
  }
}

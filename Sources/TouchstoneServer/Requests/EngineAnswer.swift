import Touchstone

/// What an answer tells of the work behind it, whatever its dialect.
package protocol EngineAnswer {
  /// The served name of the model.
  var model: String { get }
  var inputCount: Int { get }
  /// Tokens of the inputs before truncation.
  var tokensGiven: Int { get }
  /// Tokens of the inputs that were read.
  var tokensUsed: Int { get }
  /// The places of the inputs that were cut.
  var truncatedInputs: [Int] { get }
  var timings: RequestTimings { get }
}

extension EmbeddingAnswer: EngineAnswer {
  package var inputCount: Int { embeddings.count }
  package var tokensGiven: Int { embeddings.reduce(0) { $0 + $1.inputTokenCount } }
  package var tokensUsed: Int { embeddings.reduce(0) { $0 + $1.tokenCount } }
  package var truncatedInputs: [Int] { embeddings.indices.filter { embeddings[$0].isTruncated } }
}

extension RerankAnswer: EngineAnswer {
  package var inputCount: Int { scores.count }
  package var tokensGiven: Int { scores.reduce(0) { $0 + $1.inputTokenCount } }
  package var tokensUsed: Int { scores.reduce(0) { $0 + $1.tokenCount } }
  package var truncatedInputs: [Int] { scores.indices.filter { scores[$0].isTruncated } }
}

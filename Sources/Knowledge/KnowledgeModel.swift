import Chunking
import Hashing
import Touchstone

/// The model of a knowledge base: it embeds, and counts tokens.
package struct KnowledgeModel: Sendable {
  package var identity: ModelIdentity
  package var embedder: any Embedder
  package var meter: any TokenMeter
  /// The same for documents and queries.
  package var options: EmbeddingOptions
  /// The task in front of queries.
  package var queryRole: EmbeddingRole

  package init(
    identity: ModelIdentity, embedder: any Embedder, meter: any TokenMeter,
    options: EmbeddingOptions = EmbeddingOptions(), queryRole: EmbeddingRole = .query
  ) {
    self.identity = identity
    self.embedder = embedder
    self.meter = meter
    self.options = options
    self.queryRole = queryRole
  }

  func vectors(of texts: [String]) async throws -> [[Float]] {
    try await embedder.embeddings(of: texts.map { EmbeddingInput($0) }, options: options).map(\.values)
  }

  package func vector(ofQuery query: String) async throws -> [Float] {
    let found = try await embedder.embeddings(of: [EmbeddingInput(query, as: queryRole)], options: options)
    guard let first = found.first else {
      throw KnowledgeError.wrongVectors(reason: "there is none for a query")
    }
    return first.values
  }

  /// What a vector is found by: the SHA-256 of the text that is embedded.
  package static func key(_ text: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.digest()
  }
}

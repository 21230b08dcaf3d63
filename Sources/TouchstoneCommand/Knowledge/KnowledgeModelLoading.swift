import Knowledge
import KnowledgeService
import Touchstone

/// For all commands of this folder.
typealias BaseVectorSettings = KnowledgeService.BaseVectorSettings

extension BaseVectorSettings {
  /// As the command line says, or as the base was made.
  init(activations: ActivationPrecision?, dimensions: Int?, of store: EmbeddedStore?) throws {
    try self.init(of: store)
    self.activations = activations ?? self.activations
    self.dimensions = dimensions ?? self.dimensions
  }
}

extension ModelOptions {
  /// The model with its fingerprint. Its file is hashed only where the base does not remember this very file.
  func loadKnowledgeModel(
    _ settings: BaseVectorSettings, store: EmbeddedStore?, progress: Bool?
  ) throws -> (model: KnowledgeModel, weights: String, context: Int) {
    let model = try load()
    var options = settings.options
    options.batchTokens = 2048
    let line = ProgressLine(isWanted: progress)
    defer { line.finish() }
    var fingerprints = BaseFingerprints()
    let (identity, note) = try fingerprints.identity(
      of: model, settings, store: store, endsWithTask: true
    ) { line.show(hashing($0)) }
    return (
      KnowledgeModel(identity: identity, embedder: model, meter: model.tokenizer, options: options), note,
      model.configuration.contextLength
    )
  }

  /// The reranker of a name or a path, computing as the model does.
  func loadKnowledgeReranker(_ name: String) throws -> LocalReranker {
    LocalReranker(
      model: try RerankModel.load(
        ModelLocator.resolve(name), threads: compute.threads, multiplication: compute.multiply))
  }
}

/// A reranker of this process.
struct LocalReranker: PassageReranker {
  let model: RerankModel

  func scores(of passages: [String], for query: String) async throws -> [Double] {
    try await model.scores(
      of: passages, for: query, options: RerankOptions(truncation: .right)
    ).map(\.logitDifference)
  }
}

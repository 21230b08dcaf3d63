import Touchstone

/// What requests want of a model; raw values are what clients are told.
package enum ModelTask: String, Sendable, Equatable {
  /// Texts become vectors.
  case embedding
  /// A query and documents become scores.
  case reranking

  /// What the model can do.
  init(of model: AnyModel) {
    switch model {
    case .embedding: self = .embedding
    case .reranker: self = .reranking
    }
  }
}

/// A served model that embeds.
struct ServedEmbedder {
  let served: ServedModel
  let model: EmbeddingModel
  /// Whether the name that the client gave asks for queries.
  let asQuery: Bool
}

/// A served model that reranks.
struct ServedReranker {
  let served: ServedModel
  let model: RerankModel
}

extension ModelRegistry {
  /// The embedding model that `name` stands for; nil: the first one.
  ///
  /// - Throws: ``ServiceError/wrongModel(_:)`` where it is a reranker.
  func embedder(named name: String?) throws(ServiceError) -> ServedEmbedder {
    let (served, asQuery) = try model(named: name, for: .embedding)
    guard case .embedding(let model) = served.model else {
      throw .wrongModel(
        "'\(served.name)' is a reranker, which has no vectors; send a query and documents to /v1/rerank, or name an "
          + "embedding model")
    }
    return ServedEmbedder(served: served, model: model, asQuery: asQuery)
  }

  /// What scores pairs of texts.
  enum Scorer {
    case reranker(ServedReranker)
    /// By the cosines of its vectors.
    case embedder(ServedEmbedder)
  }

  /// The model that `name` stands for; nil: the first reranker, or the first model where there is none.
  func scorer(named name: String?) throws(ServiceError) -> Scorer {
    let (served, asQuery) = try model(named: name, for: .reranking)
    switch served.model {
    case .reranker(let model): return .reranker(ServedReranker(served: served, model: model))
    case .embedding(let model):
      return .embedder(ServedEmbedder(served: served, model: model, asQuery: asQuery))
    }
  }

  /// The reranker that `name` stands for; nil: the first one.
  ///
  /// - Throws: ``ServiceError/wrongModel(_:)`` where it is an embedding model.
  func reranker(named name: String?) throws(ServiceError) -> ServedReranker {
    let (served, _) = try model(named: name, for: .reranking)
    guard case .reranker(let model) = served.model else {
      throw .wrongModel(
        "'\(served.name)' is an embedding model, and reranking needs a Qwen3-Reranker file; serve one with a further "
          + "--model, or compare vectors instead")
    }
    return ServedReranker(served: served, model: model)
  }
}

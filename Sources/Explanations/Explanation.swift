import Qwen3
import Touchstone

/// One text's way through a model, made visible: the value that the command, the page and the JSON show.
package struct Explanation: Sendable {
  /// What it is an explanation of.
  package struct Subject: Sendable, Equatable {
    package let model: String
    package let isReranker: Bool
    package let layerCount: Int
    package let headCount: Int
    package let hiddenSize: Int
    package let pooling: Pooling
    package let activations: ActivationPrecision
    package let isCausal: Bool
    /// The text with its instruction, or a reranker's query.
    package let text: String
  }

  package let subject: Subject
  package let tokens: TokenView
  /// Of the chosen piece; nil for an added token, and for ids that no text stands behind.
  package let merges: MergeView?
  /// Of the first pieces that differ, for pages that show any of them.
  package let pieceMerges: [MergeView]
  package let stream: ResidualStream
  package let attention: LastTokenAttention
  /// nil for a reranker, which has no vectors, or where it was not asked for.
  package let vectors: VectorView?
  package let match: MatchExplanation?
}

extension Explanation {
  /// Runs the passes and looks at them.
  ///
  /// - Parameters:
  ///   - other: a file of the same model with other weights, to compare vectors with.
  ///   - corpus: kept by callers that explain more than one text.
  /// - Throws: ``TouchstoneError``, and what `passes` throws.
  package init(
    _ request: ExplanationRequest, _ passes: any ExplainedPasses, against other: (any ExplainedPasses)? = nil,
    corpus: CorpusStates = CorpusStates()
  ) async throws {
    switch passes.model {
    case .embedding(let model):
      try await self.init(embedding: request, passes, model, against: other, corpus)
    case .reranker(let model): try await self.init(reranking: request, passes, model)
    }
  }

  private init(
    embedding request: ExplanationRequest, _ passes: any ExplainedPasses, _ model: EmbeddingModel,
    against other: (any ExplainedPasses)?, _ corpus: CorpusStates
  ) async throws {
    let plan = try EmbeddingPlan(request.embeddingOptions, model.configuration)
    guard plan.pooling != .none else {
      throw TouchstoneError.invalidOption(
        "the model gives a vector a token, and an explanation is of one vector; choose another pooling, such as last"
      )
    }
    let ids = try model.tokenIDs(
      of: EmbeddingInput(request.text, as: request.role), options: request.embeddingOptions
    ).ids
    let text = request.role.prefix + request.text
    if let other { try Self.check(other.model, ids, text, against: model) }
    tokens = TokenView(text, ids: ids, model.tokenizer)
    merges = try Self.merges(request, tokens, model.tokenizer)
    pieceMerges = Self.pieceMerges(tokens, model.tokenizer)
    (stream, attention) = try await Self.observed(ids, passes, plan.pooling, request.activations)
    vectors =
      !request.comparesVectors
      ? nil
      : try await VectorComparer(passes: passes, model: model, plan: plan, corpus: corpus)
        .view(of: ids, request.activations, against: other)
    match =
      request.documents.isEmpty
      ? nil : try await Matcher(passes: passes, request: request).explanation()
    subject = Subject(
      passes.model, pooling: plan.pooling, request.activations, text: text)
  }

  private init(
    reranking request: ExplanationRequest, _ passes: any ExplainedPasses, _ model: RerankModel
  ) async throws {
    guard let document = request.documents.first else {
      throw TouchstoneError.invalidOption(
        "a reranker reads a query and a document together, and there is no document; add one")
    }
    let ids = try model.prompt(request.text, document, request, index: 0).sequence.ids
    tokens = TokenView("", ids: ids, model.tokenizer)
    merges = nil
    pieceMerges = []
    (stream, attention) = try await Self.observed(ids, passes, .last, request.activations)
    vectors = nil
    match = try await Matcher(passes: passes, request: request).explanation()
    subject = Subject(passes.model, pooling: .last, request.activations, text: request.text)
  }

  private static func merges(
    _ request: ExplanationRequest, _ tokens: TokenView, _ tokenizer: TextTokenizer
  ) throws(TouchstoneError) -> MergeView? {
    if let piece = request.piece, !tokens.pieces.indices.contains(piece) {
      throw .invalidOption(
        "piece is \(piece), but the text has \(tokens.pieces.count) pieces, counted from 0")
    }
    let piece = request.piece ?? MergeView.mostInstructive(of: tokens)
    return piece.flatMap { MergeView(piece: $0, of: tokens, tokenizer) }
  }

  private static func pieceMerges(_ tokens: TokenView, _ tokenizer: TextTokenizer) -> [MergeView] {
    var known: Set<[UInt8]> = []
    let pieces = tokens.pieces.indices.filter { known.insert(tokens.pieces[$0].bytes).inserted }
    return pieces.prefix(60).compactMap { MergeView(piece: $0, of: tokens, tokenizer) }
  }

  private static func observed(
    _ ids: [Int32], _ passes: any ExplainedPasses, _ pooling: Pooling, _ activations: ActivationPrecision
  ) async throws -> (ResidualStream, LastTokenAttention) {
    let observation = PassObservation(
      tokenCount: ids.count, passes.model.configuration, outputNorm: passes.model.loaded.outputNorm)
    let states = try await passes.states(
      of: [TokenSequence(ids)], pooling: pooling, activations: activations, observer: observation.observer)
    guard let final = states.first?.first, final.allSatisfy(\.isFinite) else {
      throw TouchstoneError.notFinite(index: 0)
    }
    return observation.results(final: final)
  }

  /// Another file can only be compared where it is the same model.
  private static func check(
    _ other: AnyModel, _ ids: [Int32], _ text: String, against model: EmbeddingModel
  ) throws(TouchstoneError) {
    guard case .embedding(let other) = other else {
      throw .invalidOption("the file to compare with is a reranker, which has no vectors")
    }
    let (a, b) = (model.configuration, other.configuration)
    guard a.hiddenSize == b.hiddenSize, a.layerCount == b.layerCount else {
      throw .invalidOption(
        "the file to compare with has \(b.layerCount) layers of \(b.hiddenSize) components, but must be the same "
          + "model, of \(a.layerCount) layers of \(a.hiddenSize)")
    }
    guard other.tokenizer.tokenIDs(of: text) == model.tokenizer.tokenIDs(of: text) else {
      throw .invalidOption(
        "the file to compare with has another vocabulary, so that the vectors are of other tokens")
    }
  }
}

extension Explanation.Subject {
  fileprivate init(
    _ model: AnyModel, pooling: Pooling, _ activations: ActivationPrecision, text: String
  ) {
    let c = model.configuration
    let isReranker = if case .reranker = model { true } else { false }
    let file = model.path.split(separator: "/").last.map(String.init) ?? model.path
    self.init(
      model: model.name ?? file, isReranker: isReranker, layerCount: c.layerCount, headCount: c.headCount,
      hiddenSize: c.hiddenSize, pooling: pooling, activations: activations, isCausal: c.isCausal, text: text)
  }
}

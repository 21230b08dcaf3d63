import Qwen3

/// A model that is ready to judge documents: Qwen3-Reranker, the second stage of retrieval.
///
/// It reads a query and a document together and says how probable it is that the document meets the query's
/// requirements: slower than comparing vectors, and better. Loading, threads and turns are those of
/// ``EmbeddingModel``.
public final class RerankModel: Sendable {
  /// Where the file has the model's answer.
  public var head: RankHeadPlace { rankHead.place }
  /// What in the file differs from what the model was trained with.
  public let warnings: [ModelWarning]

  private let model: LoadedModel
  private let rankHead: RankHead
  private let prompt: RerankPrompt

  /// What the file says of the model.
  public var configuration: ModelConfiguration { model.configuration }
  public var tokenizer: TextTokenizer { model.tokenizer }
  public var threadCount: Int { model.threadCount }
  /// The path that the model was loaded from.
  public var path: String { model.path }

  /// The task that Qwen3-Reranker's model card uses for web search.
  public static let defaultInstruction = EmbeddingRole.defaultTask

  /// 256 MiB: what documents share may have 1,170 tokens with the 0.6B model, 910 with the 8B. A longer query costs time
  /// once for each batch, not once for each call.
  private static let prefixCacheByteLimit = 256 << 20

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: how many threads compute. nil: as many as this process may run at once.
  public init(path: String, threads: Int? = nil) throws(TouchstoneError) {
    let model = try LoadedModel(path: path, threads: threads, prefixCacheByteLimit: Self.prefixCacheByteLimit)
    do {
      let place = try RankHeadPlace(model.file) { model.tokenizer.tokenizer.vocabulary.token(spelled: $0) }
      rankHead = try RankHead(model.file, model.configuration, place)
    } catch {
      throw TouchstoneError(error, path: path)
    }
    prompt = try RerankPrompt(model.tokenizer, path: path)
    warnings = ModelWarning.reranker(rankHead.place, model.file.metadata)
    self.model = model
  }

  /// Scores `documents` and returns one score for each, in their order; see `bestFirst()`.
  ///
  /// What they share, the instruction and the query, goes through the model once. Blocks the calling thread. A score does
  /// not depend on the other documents. Stops between layers, with ``TouchstoneError/cancelled``, when the current task
  /// is cancelled.
  ///
  /// - Parameters:
  ///   - query: what the documents are to answer. May be empty, as a document may.
  ///   - instruction: the task, one sentence in English.
  ///   - progress: called with the number of documents done so far, from the calling thread.
  public func rerank(
    query: String, instruction: String = RerankModel.defaultInstruction, documents: [String],
    options: RerankOptions = RerankOptions(), progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [RerankScore] {
    let prepared = try prepare(
      query: query, instruction: instruction, documents: documents, options: options)
    var scores: [RerankScore] = []
    scores.reserveCapacity(documents.count)
    for batch in prepared.batches {
      let states = try model.states(
        of: prepared.inputs[batch].map(\.sequence), pooling: .last, activations: options.activations,
        chunkLength: options.batchTokens)
      for (input, state) in zip(prepared.inputs[batch], states) { scores.append(try score(of: input, state)) }
      progress(scores.count)
    }
    return scores
  }
}

/// The documents of a query as the model reads them.
package struct PreparedDocuments: Sendable {
  /// One for each document, in order.
  package let inputs: [PreparedInput]
  /// Which of them go through the model together.
  package let batches: [Range<Int>]
}

extension RerankModel {
  /// The first step: prompts as token ids, cut where asked for.
  package func prepare(
    query: String, instruction: String, documents: [String], options: RerankOptions
  ) throws(TouchstoneError) -> PreparedDocuments {
    let limits = try TokenLimits(maximum: options.maximumTokens, batch: options.batchTokens, configuration)
    let shared = prompt.query(query, instruction: instruction)
    var inputs: [PreparedInput] = []
    inputs.reserveCapacity(documents.count)
    for (index, document) in documents.enumerated() {
      inputs.append(
        try prompt.prepare(
          document, index: index, query: shared, limit: limits.maximum, truncation: options.truncation))
    }
    // What is shared fills no batch: it is there from the first batch on.
    let batches = limits.batches(ofTokenCounts: inputs.map { $0.tokenCount - shared.ids.count })
    return PreparedDocuments(inputs: inputs, batches: batches)
  }

  /// The last step: a score from the state of a prompt's last token, [hiddenSize].
  package func score(of input: PreparedInput, _ state: [Float]) throws(TouchstoneError) -> RerankScore {
    let difference = rankHead.logitDifference(of: state)
    guard difference.isFinite else { throw .notFinite(index: input.index) }
    return RerankScore(
      index: input.index, score: RankHead.probability(difference), logitDifference: difference,
      tokenCount: input.tokenCount, inputTokenCount: input.inputTokenCount)
  }
}

import GGUF
import Qwen3

/// A model that is ready to judge documents: Qwen3-Reranker, the second stage of retrieval.
///
/// It reads a query and a document together and says how probable it is that the document meets the query's
/// requirements: slower than comparing vectors, and better. Loading, threads and turns are those of
/// ``EmbeddingModel``.
public final class RerankModel: Sendable {
  /// The rows of the file that answer yes and no.
  public var head: RerankerHead { rankHead.head }
  /// Where the file differs from the training of the model.
  public let warnings: [ModelWarning]

  /// The file and the engine.
  package let model: LoadedModel
  private let rankHead: RerankerHeadWeights
  private let prompt: RerankPrompt

  /// The name that the file gives the model.
  public var name: String? { configuration.name }
  /// The longest text that the model was trained for, in tokens.
  public var contextLength: Int { configuration.contextLength }
  public var layerCount: Int { configuration.layerCount }
  public var tokenizer: TextTokenizer { model.tokenizer }
  public var threadCount: Int { model.threadCount }
  /// The path that the model was loaded from.
  public var path: String { model.path }
  package var configuration: ModelConfiguration { model.configuration }

  /// The task that Qwen3-Reranker's model card uses for web search.
  public static let defaultInstruction = EmbeddingRole.defaultTask

  /// 256 MiB: what documents share may have 1,170 tokens with the 0.6B model, 910 with the 8B. A longer query
  /// costs time once for each batch, not once for each call.
  private static let prefixCacheByteLimit = 256 << 20

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: the number of threads that compute. nil: as many as this process may run at once.
  ///   - multiplication: the arithmetic of float32 matrices. nil: as the environment says, else this engine's
  ///     own.
  public convenience init(
    path: String, threads: Int? = nil, multiplication: FloatMultiplication? = nil
  ) throws(TouchstoneError) {
    try self.init(TouchstoneError.openFile(path), threads: threads, multiplication: multiplication)
  }

  init(
    _ file: GGUFFile, threads: Int?, multiplication: FloatMultiplication?
  ) throws(TouchstoneError) {
    let model = try LoadedModel(
      file, threads: threads, multiplication: multiplication,
      prefixCacheByteLimit: Self.prefixCacheByteLimit)
    do {
      let head = try RerankerHead(model.file) { model.tokenizer.tokenizer.vocabulary.token(spelled: $0) }
      rankHead = try RerankerHeadWeights(model.file, model.configuration, head)
    } catch {
      throw TouchstoneError(error, path: file.path)
    }
    prompt = try RerankPrompt(model.tokenizer, path: file.path)
    warnings =
      ModelWarning.reranker(rankHead.head, model.file.metadata)
      + ModelWarning.configuration(model.configuration)
    self.model = model
  }

  /// Scores `documents` and returns one score for each, in their order; see `bestFirst()`.
  ///
  /// The shared part, instruction and query, goes through the model once. Blocks the calling thread.
  /// A score does not depend on the other documents. Stops between layers, with
  /// ``TouchstoneError/cancelled``, when the current task is cancelled.
  ///
  /// - Parameters:
  ///   - query: the question. It may be empty, as a document may.
  ///   - instruction: the task, one sentence in English.
  ///   - documents: the texts to score.
  ///   - options: the same for all documents.
  ///   - shouldContinue: called between layers, from the calling thread; false ends the call as a canceled
  ///     task does.
  ///   - progress: called with the number of documents done so far, from the calling thread.
  public func rerank(
    query: String, instruction: String = RerankModel.defaultInstruction, documents: [String],
    options: RerankOptions = RerankOptions(), shouldContinue: () -> Bool = { true },
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [RerankScore] {
    let plan = try plan(query: query, instruction: instruction, options: options)
    var inputs: [PreparedInput] = []
    inputs.reserveCapacity(documents.count)
    for (index, document) in documents.enumerated() {
      guard !Task.isCancelled, shouldContinue() else { throw .cancelled }
      inputs.append(try plan.prepare(document, index: index))
    }
    var scores: [RerankScore] = []
    scores.reserveCapacity(documents.count)
    for batch in plan.batches(of: inputs) {
      let states = try model.run(
        Pass(
          inputs[batch].map(\.sequence), pooling: .last, activations: options.activations,
          chunkLength: options.batchTokens), shouldContinue: shouldContinue)
      for (input, state) in zip(inputs[batch], states) { scores.append(try score(of: input, state)) }
      progress(scores.count)
    }
    return scores
  }
}

extension RerankModel {
  /// The first step, once for a query: how its documents become token ids.
  ///
  /// - Throws: ``TouchstoneError/invalidOption(_:)`` where an option is out of range.
  package func plan(
    query: String, instruction: String, options: RerankOptions
  ) throws(TouchstoneError) -> RerankPlan {
    RerankPlan(
      prompt: prompt, query: prompt.query(query, instruction: instruction),
      limits: try TokenLimits(maximum: options.maximumTokens, batch: options.batchTokens, configuration),
      truncation: options.truncation)
  }

  /// The last step: a score from the state of a prompt's last token, [hiddenSize].
  package func score(of input: PreparedInput, _ state: [Float]) throws(TouchstoneError) -> RerankScore {
    guard PooledVector.haveDirections(state, dimensions: state.count) else {
      throw .zeroLength(index: input.index)
    }
    let difference = rankHead.logitDifference(of: state)
    guard difference.isFinite else { throw .notFinite(index: input.index) }
    return RerankScore(
      index: input.index, score: RerankerHeadWeights.probability(difference), logitDifference: difference,
      tokenCount: input.tokenCount, inputTokenCount: input.inputTokenCount)
  }
}

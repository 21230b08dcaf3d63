import GGUF
import Kernels
import Qwen3

/// A model that is ready to embed.
///
/// Loading maps the file into memory and checks it; weights are read when they are first used. A model may be
/// used from any number of threads: calls take turns, and each uses all of the model's threads.
public final class EmbeddingModel: Sendable {
  /// What in the file differs from what the model was trained with.
  public let warnings: [ModelWarning]

  /// The file and the engine.
  package let model: LoadedModel

  /// What the file says of the model.
  public var configuration: ModelConfiguration { model.configuration }
  public var tokenizer: TextTokenizer { model.tokenizer }
  public var threadCount: Int { model.threadCount }
  /// The path that the model was loaded from.
  public var path: String { model.path }
  /// Whether float32 matrices are multiplied by OpenBLAS, which promises no bits.
  package var multipliesWithOpenBLAS: Bool { model.multipliesWithOpenBLAS }

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: the number of threads that compute. nil: as many as this process may run at once.
  ///   - multiplication: the arithmetic of float32 matrices. nil: as the environment says, else this engine's
  ///     own.
  public convenience init(
    path: String, threads: Int? = nil, multiplication: FloatMultiplication? = nil
  ) throws(TouchstoneError) {
    try self.init(
      try TouchstoneError.openFile(path), path: path, threads: threads, multiplication: multiplication)
  }

  init(
    _ file: GGUFFile, path: String, threads: Int?, multiplication: FloatMultiplication?
  ) throws(TouchstoneError) {
    model = try LoadedModel(file, path: path, threads: threads, multiplication: multiplication)
    let kindWarnings: [ModelWarning] =
      RankHeadPlace.isReranker(model.file)
      ? [.rerankerForEmbedding]
      : (RankHeadPlace.isNamedReranker(model.file) ? [.otherReranker] : [])
        + model.tokenizer.endOfTextSetting.warnings
        + ModelWarning.pooling(model.configuration.pooling?.rawValue)
    warnings = kindWarnings + ModelWarning.configuration(model.configuration)
  }

  /// Embeds `inputs` and returns one embedding for each, in their order.
  ///
  /// Blocks the calling thread; ``embeddings(of:options:)`` does not. The vectors do not depend on what is
  /// embedded together. Stops between layers, with ``TouchstoneError/cancelled``, when the current task is
  /// cancelled.
  ///
  /// - Parameters:
  ///   - inputs: texts or token ids, documents and queries mixed as you like.
  ///   - options: the same for all inputs.
  ///   - shouldContinue: called between layers, from the calling thread; false ends the call as a cancelled
  ///     task does.
  ///   - progress: called with the number of inputs done so far, from the calling thread.
  public func embed(
    _ inputs: [EmbeddingInput], options: EmbeddingOptions = EmbeddingOptions(),
    shouldContinue: () -> Bool = { true }, progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [Embedding] {
    try embed(inputs, options: options, clock: nil, shouldContinue: shouldContinue, progress: progress)
  }

  /// The same with the time of each stage noted on `clock`.
  package func embed(
    _ inputs: [EmbeddingInput], options: EmbeddingOptions, clock: StageClock?,
    shouldContinue: () -> Bool = { true }, progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [Embedding] {
    let plan = try EmbeddingPlan(options, configuration)
    var prepared: [PreparedInput] = []
    prepared.reserveCapacity(inputs.count)
    var instructions = InstructionTokens()
    for (index, input) in inputs.enumerated() {
      guard !Task.isCancelled, shouldContinue() else { throw .cancelled }
      prepared.append(
        try plan.prepare(input, index: index, tokenizer: tokenizer, instructions: &instructions))
    }
    var embeddings: [Embedding] = []
    embeddings.reserveCapacity(inputs.count)
    for batch in plan.batches(of: prepared) {
      let states = try model.run(
        Pass(
          prepared[batch].map(\.sequence), pooling: plan.pooling, activations: options.activations,
          chunkLength: options.batchTokens, clock: clock), shouldContinue: shouldContinue)
      embeddings += try clock.measure(.pooling) { () throws(TouchstoneError) in
        try plan.embeddings(from: states, of: prepared[batch])
      }
      progress(embeddings.count)
    }
    return embeddings
  }
}

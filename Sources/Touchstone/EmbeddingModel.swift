import GGUF
import Kernels
import Qwen3
import Synchronization

/// A model that is ready to embed.
///
/// Loading maps the file into memory and checks it; weights are read when they are first used. A model may be
/// used from any number of threads: calls take turns, and each uses all of the model's threads.
public final class EmbeddingModel: Sendable {
  /// Where the file differs from the training of the model.
  public let warnings: [ModelWarning]

  /// The file and the engine.
  package let model: LoadedModel
  /// Hashed when the first fingerprint is asked for.
  private let weights = Mutex<WeightsIdentity?>(nil)

  /// The name that the file gives the model.
  public var name: String? { configuration.name }
  /// The longest text that the model was trained for, in tokens.
  public var contextLength: Int { configuration.contextLength }
  public var layerCount: Int { configuration.layerCount }
  /// How the states of a text's tokens become its vector, as the file says; nil where it does not say.
  public var pooling: Pooling? { configuration.pooling }
  public var tokenizer: TextTokenizer { model.tokenizer }
  public var threadCount: Int { model.threadCount }
  /// The path that the model was loaded from.
  public var path: String { model.path }
  package var configuration: ModelConfiguration { model.configuration }
  /// How many of the first layers are computed one precision higher, since the model has massive activations.
  package func preciseLayerCount(_ activations: ActivationPrecision) -> Int {
    model.preciseLayerCount(activations)
  }
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
    try self.init(TouchstoneError.openFile(path), threads: threads, multiplication: multiplication)
  }

  init(
    _ file: GGUFFile, threads: Int?, multiplication: FloatMultiplication?
  ) throws(TouchstoneError) {
    model = try LoadedModel(file, threads: threads, multiplication: multiplication)
    let kindWarnings: [ModelWarning] =
      RerankerHead.isReranker(model.file)
      ? [.rerankerForEmbedding]
      : (RerankerHead.isNamedReranker(model.file) ? [.otherReranker] : [])
        + model.tokenizer.endOfTextSetting.warnings
        + ModelWarning.pooling(model.configuration.pooling?.rawValue)
    warnings = kindWarnings + ModelWarning.configuration(model.configuration)
  }

  /// Embeds `inputs` and returns one embedding for each, in their order.
  ///
  /// Blocks the calling thread; ``embeddings(of:options:)`` does not. The vectors do not depend on the
  /// other inputs. Stops between layers, with ``TouchstoneError/cancelled``, when the current task is
  /// canceled.
  ///
  /// - Parameters:
  ///   - inputs: texts or token ids, documents and queries mixed as you like.
  ///   - options: the same for all inputs.
  ///   - shouldContinue: called between layers, from the calling thread; false ends the call as a canceled
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

  /// Names everything beside the text that decides the bits of a vector: the file, the arithmetic, the
  /// options and the role. Two vectors of one text with the same fingerprint have the same bits on any
  /// processor.
  ///
  /// The first call reads the whole file, some 2 GB/s; the model remembers its hash.
  ///
  /// - Returns: twelve lower-case letters and digits.
  /// - Throws: ``TouchstoneError/invalidOption(_:)`` where the options do not fit the model;
  ///   ``TouchstoneError/environment(_:)`` where OpenBLAS multiplies, which promises no bits;
  ///   ``TouchstoneError/cancelled`` when the current task is canceled.
  public func fingerprint(
    options: EmbeddingOptions = EmbeddingOptions(), role: EmbeddingRole = .document
  ) throws(TouchstoneError) -> String {
    try FingerprintSource(self, options: options).id(role)
  }

  /// The hash of the file, read once.
  ///
  /// - Parameters:
  ///   - endsWithTask: whether a canceled task ends the reading.
  ///   - progress: called with the part that is read, 0 to 1.
  package func weightsIdentity(
    endsWithTask: Bool = true, progress: (Double) -> Void = { _ in }
  ) throws(TouchstoneError) -> WeightsIdentity {
    try weights.withLock { (known) throws(TouchstoneError) in
      if let known { return known }
      let identity = try WeightsIdentity(model.file, endsWithTask: endsWithTask, progress: progress)
      known = identity
      return identity
    }
  }
}

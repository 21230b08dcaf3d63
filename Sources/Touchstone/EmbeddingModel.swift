import GGUF
import KernelSelection
import Kernels
import Qwen3
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model that is ready to embed.
///
/// Loading maps the file into memory and checks it; weights are read when they are first used. A model may be
/// used from any number of threads: calls take turns, and each uses all of the model's threads.
public final class EmbeddingModel: Sendable {
  /// What the file says of the model.
  public let configuration: ModelConfiguration
  public let tokenizer: TextTokenizer
  public let threadCount: Int
  /// The path that the model was loaded from.
  public let path: String
  /// What in the file differs from what the model was trained with.
  public let warnings: [ModelWarning]

  /// Used by who holds `turn`.
  private nonisolated(unsafe) let passes: ForwardPasses
  private let turn = Mutex(())

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: how many threads compute. nil: as many as this process may run at once.
  public init(path: String, threads: Int? = nil) throws(TouchstoneError) {
    if let threads, threads < 1 || threads > 1024 {
      throw .invalidOption("threads is \(threads), but must be from 1 to 1024")
    }
    let file = try TouchstoneError.openFile(path)
    let weights: ModelWeights
    do {
      configuration = try ModelConfiguration(file)
      weights = try ModelWeights(file, configuration)
    } catch ModelError.file(let error) {
      throw .file(path: path, reason: "\(error)")
    } catch {
      throw .model(path: path, reason: "\(error)")
    }
    self.path = path
    tokenizer = try TextTokenizer(file)
    threadCount = threads ?? availableProcessorCount()
    warnings = tokenizer.endOfTextSetting.warnings + ModelWarning.pooling(configuration.pooling?.rawValue)

    let compute = try Self.compute(threadCount: threadCount)
    passes = ForwardPasses(Transformer(configuration, weights, compute: compute))
  }

  private static func compute(threadCount: Int) throws(TouchstoneError) -> Compute {
    do {
      return Compute(
        kernels: try selectKernels(), workers: Workers(count: threadCount),
        floatMultiplier: try floatMultiplier())
    } catch {
      throw .environment("\(error)")
    }
  }

  /// `TOUCHSTONE_SGEMM=openblas` has OpenBLAS multiply float32 matrices, to check this engine's own kernels.
  private static func floatMultiplier() throws -> FloatMultiplier {
    switch ProcessInfo.processInfo.environment["TOUCHSTONE_SGEMM"] {
    case nil, "", "touchstone": return .touchstone
    case "openblas"?: return .openBLAS(try OpenBLAS.shared.get())
    case let name?:
      throw TouchstoneError.environment(
        "TOUCHSTONE_SGEMM is '\(name)', but must be 'touchstone' or 'openblas'")
    }
  }

  /// Embeds `inputs` and returns one embedding for each, in their order.
  ///
  /// Blocks the calling thread; call it from a thread of your own in a server. The vectors do not depend on what is
  /// embedded together. Stops between layers, with ``TouchstoneError/cancelled``, when the current task is cancelled.
  ///
  /// - Parameters:
  ///   - inputs: texts or token ids, documents and queries mixed as you like.
  ///   - options: the same for all inputs.
  ///   - progress: called with the number of inputs done so far, from the calling thread.
  public func embed(
    _ inputs: [EmbeddingInput], options: EmbeddingOptions = EmbeddingOptions(),
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [Embedding] {
    try embed(inputs, options: options, clock: nil, progress: progress)
  }

  /// The same with the time of each stage noted on `clock`.
  package func embed(
    _ inputs: [EmbeddingInput], options: EmbeddingOptions, clock: StageClock?,
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [Embedding] {
    let plan = try EmbeddingPlan(options, configuration)
    var prepared: [PreparedInput] = []
    prepared.reserveCapacity(inputs.count)
    var instructions = InstructionTokens()
    for (index, input) in inputs.enumerated() {
      prepared.append(
        try plan.prepare(input, index: index, tokenizer: tokenizer, instructions: &instructions))
    }
    var embeddings: [Embedding] = []
    embeddings.reserveCapacity(inputs.count)
    for batch in plan.batches(of: prepared) {
      let states = states(
        of: prepared[batch].map(\.sequence), pooling: plan.pooling, activations: options.activations,
        chunkLength: options.batchTokens, clock: clock, pause: { _ in !Task.isCancelled })
      guard let states else { throw .cancelled }
      embeddings += try clock.measure(.pooling) { () throws(TouchstoneError) in
        try plan.embeddings(from: states, of: prepared[batch])
      }
      progress(embeddings.count)
    }
    return embeddings
  }

  /// One forward pass: the states that `pooling` reads, sequence after sequence, one row each.
  ///
  /// Blocks the calling thread. The states of a sequence do not depend on what it is together with.
  ///
  /// - Parameters:
  ///   - chunkLength: how many tokens go through a layer between two pauses.
  ///   - pause: called before each chunk of each layer; the pass ends with nil when it says no. It may run whole
  ///     passes meanwhile, on the ``PausedPass`` that it is given.
  package func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    clock: StageClock? = nil, pause: (PausedPass) -> Bool
  ) -> [[Float]]? {
    turn.withLock { _ in
      let paused = PausedPass(transformer: passes.inPauses)
      return passes.main.states(
        of: sequences, pooling: pooling, activations: activations, chunkLength: chunkLength, clock: clock,
        shouldContinue: { pause(paused) })
    }
  }
}

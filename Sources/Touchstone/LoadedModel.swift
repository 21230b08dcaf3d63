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

/// A model file, opened and checked, and the engine that runs it: what embedding and reranking have in common.
package final class LoadedModel: Sendable {
  let path: String
  let file: GGUFFile
  let configuration: ModelConfiguration
  let tokenizer: TextTokenizer
  package let threadCount: Int
  /// Whether float32 matrices are multiplied by OpenBLAS, which promises no bits.
  let multipliesWithOpenBLAS: Bool

  /// Guarded by `turn`: `states` and `observedStates`, which hold it, are the only users. A pause hands the transformer
  /// for pauses to the thread that holds it.
  private nonisolated(unsafe) let passes: ForwardPasses
  private let turn = Mutex(())

  /// - Parameters:
  ///   - file: what ``TouchstoneError/openFile(_:)`` opened at `path`.
  ///   - threads: how many threads compute. nil: as many as this process may run at once.
  ///   - prefixCacheByteLimit: how much memory the beginnings that inputs share may take from call to call.
  init(
    _ file: GGUFFile, path: String, threads: Int?, prefixCacheByteLimit: Int = PrefixCache.byteLimit
  ) throws(TouchstoneError) {
    if let threads, threads < 1 || threads > 1024 {
      throw .invalidOption("threads is \(threads), but must be from 1 to 1024")
    }
    let weights: ModelWeights
    do {
      configuration = try ModelConfiguration(file)
      weights = try ModelWeights(file, configuration)
    } catch {
      throw TouchstoneError(error, path: path)
    }
    self.path = path
    self.file = file
    tokenizer = try TextTokenizer(file)
    threadCount = threads ?? availableProcessorCount()

    let compute = try Self.compute(threadCount: threadCount)
    multipliesWithOpenBLAS = if case .openBLAS = compute.floatMultiplier { true } else { false }
    passes = ForwardPasses(
      Transformer(configuration, weights, compute: compute, prefixCacheByteLimit: prefixCacheByteLimit))
  }

  /// The states of the tokens that `pooling` reads, [pooled tokens, hiddenSize], of sequences that go through the model
  /// together. Waits for its turn; stops between layers when the current task is cancelled.
  func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    clock: StageClock? = nil
  ) throws(TouchstoneError) -> [[Float]] {
    let states = states(
      of: sequences, pooling: pooling, activations: activations, chunkLength: chunkLength, clock: clock,
      pause: { _ in !Task.isCancelled })
    guard let states else { throw .cancelled }
    return states
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

  /// One pass of a single sequence in which every intermediate is shown: nothing is pruned or shared.
  func observedStates(
    of ids: [Int32], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    observer: @escaping IntermediateObserver, shouldContinue: () -> Bool
  ) -> [[Float]]? {
    turn.withLock { _ in
      passes.main.states(
        of: Batch([ids]), pooling: pooling, activations: activations, chunkLength: chunkLength,
        observer: observer, shouldContinue: shouldContinue)
    }
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
}

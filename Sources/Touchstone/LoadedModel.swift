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
final class LoadedModel: Sendable {
  let path: String
  let file: GGUFFile
  let configuration: ModelConfiguration
  let tokenizer: TextTokenizer
  let threadCount: Int

  /// Used by who holds `turn`.
  private nonisolated(unsafe) let passes: ForwardPasses
  private let turn = Mutex(())

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: how many threads compute. nil: as many as this process may run at once.
  ///   - prefixCacheByteLimit: how much memory the beginnings that inputs share may take from call to call.
  init(
    path: String, threads: Int?, prefixCacheByteLimit: Int = PrefixCache.byteLimit
  ) throws(TouchstoneError) {
    if let threads, threads < 1 || threads > 1024 {
      throw .invalidOption("threads is \(threads), but must be from 1 to 1024")
    }
    let file = try TouchstoneError.openFile(path)
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
  func states(
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

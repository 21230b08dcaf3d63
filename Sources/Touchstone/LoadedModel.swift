import GGUF
import KernelSelection
import Kernels
import Qwen3
import Synchronization

/// A model file, opened and checked, and the engine that runs it: the common part of embedding and reranking.
package final class LoadedModel: Sendable {
  let file: GGUFFile
  package var path: String { file.path }
  package let configuration: ModelConfiguration
  package let tokenizer: TextTokenizer
  package let threadCount: Int
  /// [hiddenSize]: the weights of the norm after the last layer, for those who look inside.
  package let outputNorm: [Float]
  /// Whether float32 matrices are multiplied by OpenBLAS, which promises no bits.
  let multipliesWithOpenBLAS: Bool

  /// Guarded by `turn`: `run`, which holds it, is the only user. A pause hands the transformer for pauses to
  /// the thread that holds it, and no further.
  private nonisolated(unsafe) let passes: ForwardPasses
  private let turn = Mutex(())
  /// Says once more that a turn sees the turns before it. `turn` orders them already, but where a thread has
  /// to wait, it does so inside the standard library, where ThreadSanitizer does not see it.
  private let turnCount = Atomic<Int>(0)

  /// - Parameters:
  ///   - threads: the number of threads that compute. nil: as many as this process may run at once.
  ///   - multiplication: the arithmetic of float32 matrices. nil: as `TOUCHSTONE_SGEMM` says, else this
  ///     engine's own.
  ///   - prefixCacheByteLimit: how much memory the beginnings that inputs share may take from call to call.
  init(
    _ file: GGUFFile, threads: Int?, multiplication: FloatMultiplication?,
    prefixCacheByteLimit: Int = PrefixCache.byteLimit
  ) throws(TouchstoneError) {
    threadCount = try computingThreadCount(threads)
    let weights: ModelWeights
    do {
      configuration = try ModelConfiguration(file)
      weights = try ModelWeights(file, configuration)
    } catch {
      throw TouchstoneError(error, path: file.path)
    }
    self.file = file
    outputNorm = weights.outputNorm
    tokenizer = try TextTokenizer(file)

    let compute = try Self.compute(threadCount: threadCount, multiplication)
    multipliesWithOpenBLAS = if case .openBLAS = compute.floatMultiplier { true } else { false }
    passes = ForwardPasses(
      Transformer(configuration, weights, compute: compute, prefixCacheByteLimit: prefixCacheByteLimit))
  }

  /// Runs `pass` when its turn comes and returns the states that its pooling reads, [pooled tokens,
  /// hiddenSize].
  ///
  /// Blocks the calling thread. Stops between layers when the current task is canceled or `shouldContinue`
  /// returns false.
  func run(
    _ pass: Pass, shouldContinue: () -> Bool = { true }
  ) throws(TouchstoneError) -> [[Float]] {
    let states = run(pass, pause: { _ in !Task.isCancelled && shouldContinue() })
    guard let states else { throw .cancelled }
    return states
  }

  /// The same with a pause before each chunk of each layer.
  ///
  /// - Parameter pause: the pass ends with nil when it returns false. Meanwhile it may run whole passes,
  ///   without pauses of their own, by the function that it is given: on a workspace of their own, so that a
  ///   query need not wait for a long document.
  package func run(_ pass: Pass, pause: (_ runInPause: (Pass) -> [[Float]]?) -> Bool) -> [[Float]]? {
    turn.withLock { _ in
      _ = turnCount.load(ordering: .acquiring)
      defer { turnCount.add(1, ordering: .releasing) }
      let inPauses = passes.inPauses
      return passes.main.run(pass) { pause { inPauses.run($0) } }
    }
  }

  /// How many of the first layers are computed one precision higher, since the model has massive activations.
  package func preciseLayerCount(_ activations: ActivationPrecision) -> Int {
    turn.withLock { _ in
      _ = turnCount.load(ordering: .acquiring)
      defer { turnCount.add(1, ordering: .releasing) }
      return passes.main.preciseLayerCount(activations)
    }
  }

  /// The kernels of this processor, and workers for them.
  ///
  /// - Parameter multiplication: nil: as `TOUCHSTONE_SGEMM` says.
  package static func compute(
    threadCount: Int, _ multiplication: FloatMultiplication?
  ) throws(TouchstoneError) -> Compute {
    let multiplication =
      if let multiplication { multiplication } else { try FloatMultiplication.ofEnvironment() }
    do {
      return Compute(
        kernels: try selectKernels(), workers: Workers(count: threadCount),
        floatMultiplier: try multiplication.multiplier())
    } catch {
      throw .environment("\(error)")
    }
  }
}

/// A model's transformers: one for passes, and one for those that run while such a pass is paused.
private struct ForwardPasses {
  let main: Transformer
  let inPauses: Transformer

  init(_ transformer: Transformer) {
    main = transformer
    inPauses = transformer.forPauses()
  }
}

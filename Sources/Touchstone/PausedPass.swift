import Kernels
import Qwen3

/// A model's transformers: one for passes, and one for those that run while such a pass is paused.
struct ForwardPasses {
  let main: Transformer
  let inPauses: Transformer

  init(_ transformer: Transformer) {
    main = transformer
    inPauses = transformer.forPauses()
  }
}

/// A pass that is paused between two chunks of a layer. Another pass of the same model may run meanwhile, on another
/// workspace, so that a query need not wait for a long document.
///
/// Valid inside of the call that it is given to, on that thread.
package struct PausedPass {
  let transformer: Transformer

  /// See ``LoadedModel/states(of:pooling:activations:chunkLength:clock:pause:)``; this pass is not paused itself.
  package func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    clock: StageClock? = nil, shouldContinue: () -> Bool = { true }
  ) -> [[Float]]? {
    transformer.states(
      of: sequences, pooling: pooling, activations: activations, chunkLength: chunkLength, clock: clock,
      shouldContinue: shouldContinue)
  }
}

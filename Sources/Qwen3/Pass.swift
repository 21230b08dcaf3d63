import Kernels

/// One forward pass: the sequences that go through the model together, and how.
/// ``Transformer/run(_:shouldContinue:)`` runs it.
///
/// The states of a sequence depend on ``pooling`` and ``activations`` alone: not on the other sequences, not
/// on ``chunkLength``, not on being observed.
package struct Pass: Sendable {
  /// None of them is empty.
  package var sequences: [TokenSequence]
  /// Selects the tokens whose states are returned.
  package var pooling: Pooling
  /// The precision in which activations meet the weights.
  package var activations: ActivationPrecision
  /// The most tokens that go through a layer at once. Memory grows with it.
  package var chunkLength: Int
  /// Records the time of each stage.
  package var clock: StageClock?
  /// Sees every intermediate. Nothing is pruned or shared then, so an observed pass takes longer.
  package var observer: IntermediateObserver?

  package init(
    _ sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    clock: StageClock? = nil, observer: IntermediateObserver? = nil
  ) {
    self.sequences = sequences
    self.pooling = pooling
    self.activations = activations
    self.chunkLength = chunkLength
    self.clock = clock
    self.observer = observer
  }
}

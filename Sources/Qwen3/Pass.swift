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

/// How the states of a sequence's tokens become its vector.
public enum Pooling: String, CaseIterable, Sendable {
  /// The state of the last token, as Qwen3-Embedding was trained.
  case last
  /// The mean of all states.
  case mean
  /// The state of the first token.
  case cls
  /// Every token's state: a vector a token.
  case none
}

/// The precision in which activations meet the weights. The weights are those of the file; F32, F16 and
/// BF16 weights always meet float32 activations. In every precision a vector has the same bits on every
/// processor, for any batch and any number of threads.
public enum ActivationPrecision: String, CaseIterable, Sendable {
  /// 16-bit integers, a scale for each 32, exact dot products: about 1e-9 of 1 − cosine from float32, and
  /// twice as fast. The default.
  case i16
  /// 8-bit integers, a scale for each 32: the fastest.
  case i8
  /// Weights are dequantized and multiplied in float32: the reference.
  case f32

  var integers: IntegerPrecision? {
    switch self {
    case .i16: .i16
    case .i8: .i8
    case .f32: nil
    }
  }

  /// The next precision, for the layers that ``MassiveActivations`` finds.
  package var higher: ActivationPrecision {
    switch self {
    case .i8: .i16
    case .i16, .f32: .f32
    }
  }
}

import Touchstone

/// The token sequences of one request, to go through one model.
package struct Job: Sendable {
  package let model: any PassRunner
  package let client: ClientID
  package let pooling: Pooling
  package let activations: ActivationPrecision
  package let sequences: [TokenSequence]

  package init(
    model: any PassRunner, client: ClientID, pooling: Pooling, activations: ActivationPrecision,
    sequences: [TokenSequence]
  ) {
    self.model = model
    self.client = client
    self.pooling = pooling
    self.activations = activations
    self.sequences = sequences
  }

  /// Sequences with equal keys may share a pass.
  var key: MergeKey {
    MergeKey(model: ObjectIdentifier(model), pooling: pooling, activations: activations)
  }
}

/// What the sequences of one pass have in common.
package struct MergeKey: Hashable, Sendable {
  package let model: ObjectIdentifier
  package let pooling: Pooling
  package let activations: ActivationPrecision
}

/// What became of a job.
package struct JobResult: Sendable {
  /// By sequence, its pooled states: one row of hiddenSize, or one a token with pooling `none`.
  package let states: [[[Float]]]
  package let queueTime: Duration
  package let inferenceTime: Duration
}

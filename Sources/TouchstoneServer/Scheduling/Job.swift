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

  /// By sequence, the tokens that its pass computes. What a sequence shares with the one before it, an instruction or a
  /// query to rerank for, is computed once.
  package var workTokens: [Int] {
    var instruction: [Int32] = []
    return sequences.map { sequence in
      defer { instruction = sequence.instruction }
      let isShared = !instruction.isEmpty && sequence.instruction == instruction
      return max(sequence.ids.count - (isShared ? instruction.count : 0), 1)
    }
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

  package init(model: ObjectIdentifier, pooling: Pooling, activations: ActivationPrecision) {
    self.model = model
    self.pooling = pooling
    self.activations = activations
  }
}

/// What became of a job.
package struct JobResult: Sendable {
  /// By sequence, its pooled states: one row of hiddenSize, or one a token with pooling `none`.
  package let states: [[[Float]]]
  package let queueTime: Duration
  package let inferenceTime: Duration
}

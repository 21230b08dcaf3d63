import Touchstone

/// The token sequences of one request, to go through one model.
package struct Job: Sendable {
  package let model: any PassRunner
  package let client: ClientID
  package let pooling: Pooling
  package let activations: ActivationPrecision
  package let sequences: [TokenSequence]
  /// Sees every intermediate of the job's passes, which no other job shares.
  package let observer: JobObserver?

  package init(
    model: any PassRunner, client: ClientID, pooling: Pooling, activations: ActivationPrecision,
    sequences: [TokenSequence], observer: JobObserver? = nil
  ) {
    self.model = model
    self.client = client
    self.pooling = pooling
    self.activations = activations
    self.sequences = sequences
    self.observer = observer
  }

  /// By sequence, the tokens that its pass computes. What a sequence shares with the one before it, an
  /// instruction or a query to rerank for, is computed once.
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
    MergeKey(
      model: ObjectIdentifier(model), pooling: pooling, activations: activations,
      observer: observer.map { ObjectIdentifier($0) })
  }
}

/// Looks into the passes of one job. An observed job should have one sequence: the rows that the observer
/// sees are those of a whole pass.
package final class JobObserver: Sendable {
  package let observe: IntermediateObserver

  package init(_ observe: @escaping IntermediateObserver) { self.observe = observe }
}

/// The properties that all sequences of a pass share.
package struct MergeKey: Hashable, Sendable {
  package let model: ObjectIdentifier
  package let pooling: Pooling
  package let activations: ActivationPrecision
  package let observer: ObjectIdentifier?

  package init(
    model: ObjectIdentifier, pooling: Pooling, activations: ActivationPrecision,
    observer: ObjectIdentifier? = nil
  ) {
    self.model = model
    self.pooling = pooling
    self.activations = activations
    self.observer = observer
  }
}

/// The outcome of a job.
package struct JobResult: Sendable {
  /// By sequence, its pooled states: one row of hiddenSize, or one a token with pooling `none`.
  package let states: [[[Float]]]
  package let queueTime: Duration
  package let inferenceTime: Duration
}

/// How waiting sequences become passes.
package struct SchedulingPolicy: Sendable, Equatable {
  /// A sequence of at most as many tokens is short: a query, which does not wait for long documents.
  package var shortTokens = 128
  /// The most tokens of a pass of short sequences. It is not interrupted, so a query waits no longer than for
  /// this.
  package var shortPassTokens = 512
  /// The most tokens of a pass of long sequences, but for one that is longer by itself.
  package var longPassTokens = 1024
  /// Tokens of a long pass that go through a layer between two pauses, in which short sequences have their
  /// pass.
  package var chunkTokens = 256

  package init() {}
}

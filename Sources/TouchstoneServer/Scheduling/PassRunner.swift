import Touchstone

/// What runs passes: a model, or a stand-in for one.
package protocol PassRunner: AnyObject, Sendable {
  /// How many threads a pass uses.
  var threadCount: Int { get }

  /// Takes the sequences through the model; blocks the calling thread.
  ///
  /// - Parameter pause: called many times on the way. The pass ends with nil when it returns false. Meanwhile it may run
  ///   other passes with the function it is given.
  /// - Returns: the states that the pooling reads, sequence after sequence.
  func run(_ pass: Pass, pause: (_ runInPause: (Pass) -> [[Float]]?) -> Bool) -> [[Float]]?
}

/// Sequences that go through a model together.
package struct Pass: Sendable {
  package let sequences: [TokenSequence]
  package let pooling: Pooling
  package let activations: ActivationPrecision
  package let chunkTokens: Int
  /// Where the time of each stage is noted; nil: nowhere.
  package let clock: StageClock?
}

extension LoadedModel: PassRunner {
  package func run(_ pass: Pass, pause: ((Pass) -> [[Float]]?) -> Bool) -> [[Float]]? {
    states(
      of: pass.sequences, pooling: pass.pooling, activations: pass.activations,
      chunkLength: pass.chunkTokens, clock: pass.clock
    ) { paused in
      pause { inner in
        paused.states(
          of: inner.sequences, pooling: inner.pooling, activations: inner.activations,
          chunkLength: inner.chunkTokens, clock: inner.clock)
      }
    }
  }
}

import Explanations
import Qwen3
import Touchstone
import TouchstoneServer

/// A served model: its passes stand in the queue beside everybody else's, and end with whoever waits for
/// them.
struct ScheduledPasses: ExplainedPasses {
  let service: InferenceService
  let model: AnyModel
  let caller: Caller

  func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision,
    observer: IntermediateObserver?
  ) async throws -> [[[Float]]] {
    try caller.checkPresence()
    let job = Job(
      model: model.loaded, client: caller.client, pooling: pooling, activations: activations,
      sequences: sequences, observer: observer.map { JobObserver($0) })
    return try await service.scheduler.run(job, for: caller.presence, until: caller.deadline).states
  }
}

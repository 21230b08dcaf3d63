import Kernels
import Touchstone

/// Everything that was recorded of some passes: what they were, their stages, and the jobs of each worker.
package struct Recording: Sendable, Equatable {
  package struct Pass: Sendable, Equatable {
    /// Nanoseconds of the monotonic clock.
    package var start: Int64
    package var end: Int64
    package var tokens: Int
    package var sequences: Int
    package var activations: ActivationPrecision

    package init(start: Int64, end: Int64, tokens: Int, sequences: Int, activations: ActivationPrecision) {
      self.start = start
      self.end = end
      self.tokens = tokens
      self.sequences = sequences
      self.activations = activations
    }

    package var nanoseconds: Int64 { end - start }
  }

  /// The threads that compute.
  package var workerCount: Int
  /// The instruction set of the kernels.
  package var kernels: String
  /// By ``TimelineStage/pass``.
  package var passes: [Pass]
  /// In the order of their beginnings.
  package var stages: [TimelineStage]
  /// By worker; by their ends. ``TimelineEvent/stage`` is an index of ``stages``.
  package var events: [[TimelineEvent]]

  package init(
    workerCount: Int, kernels: String, passes: [Pass], stages: [TimelineStage], events: [[TimelineEvent]]
  ) {
    self.workerCount = workerCount
    self.kernels = kernels
    self.passes = passes
    self.stages = stages
    self.events = events
  }

  /// What a recorder holds of `passes`.
  package init(_ recorder: TimelineRecorder, workerCount: Int, kernels: String, passes: [Pass]) {
    self.init(
      workerCount: workerCount, kernels: kernels, passes: passes, stages: recorder.stages,
      events: (0..<workerCount).map(recorder.events(of:)))
  }

  /// The stages of a pass, by their numbers.
  package func stageNumbers(of pass: Int) -> [Int] { stages.indices.filter { stages[$0].pass == pass } }

  /// The pass alone, as the only one.
  package func only(_ pass: Int) -> Recording {
    let numbers = stageNumbers(of: pass)
    guard let first = numbers.first else {
      return Recording(
        workerCount: workerCount, kernels: kernels, passes: [passes[pass]], stages: [],
        events: Array(repeating: [], count: workerCount))
    }
    var places = [Int](repeating: -1, count: numbers[numbers.count - 1] - first + 1)
    for (place, number) in numbers.enumerated() { places[number - first] = place }
    let kept = numbers.map { number in
      var stage = stages[number]
      stage.pass = 0
      return stage
    }
    let keptEvents = events.map { events in
      events.compactMap { event -> TimelineEvent? in
        let place = Int(event.stage) - first
        guard places.indices.contains(place), places[place] >= 0 else { return nil }
        return TimelineEvent(
          start: event.start, end: event.end, stage: UInt32(places[place]), item: event.item)
      }
    }
    return Recording(
      workerCount: workerCount, kernels: kernels, passes: [passes[pass]], stages: kept, events: keptEvents)
  }

  /// The pass of median duration.
  package var typicalPass: Int? {
    let sorted = passes.indices.sorted { passes[$0].nanoseconds < passes[$1].nanoseconds }
    return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
  }
}

import Kernels
import Profiling
import TestModels
import Touchstone

/// Passes of a small model, recorded outside of the profiler.
struct RecordedPasses {
  let recording: Recording
  /// By pass, the wall time that another clock measured around it.
  let wallSeconds: [Double]
  /// By pass, the sums of the stages that the clock of stages kept.
  let stageSums: [[Stage: StageClock.Record]]

  init(
    _ model: EmbeddingModel, tokens: [Int], activations: ActivationPrecision,
    eventCapacity: Int = 1 << 16, delay: (worker: Int, nanoseconds: Int64)? = nil
  ) throws {
    let recorder = TimelineRecorder(
      workerCount: model.threadCount, eventCapacity: eventCapacity, stageCapacity: 1 << 12)
    if let delay { recorder.delay = delay }
    var options = EmbeddingOptions()
    options.activations = activations
    var passes: [Recording.Pass] = []
    var wall: [Double] = []
    var sums: [[Stage: StageClock.Record]] = []
    for (number, count) in tokens.enumerated() {
      let ids = (0..<count).map { Int32(1 + $0 % 100) }
      let clock = StageClock(workerCount: model.threadCount, recorder: recorder)
      recorder.pass = number
      let before = ContinuousClock.now
      let start = TimelineRecorder.now
      let vectors = try model.embed([EmbeddingInput(.tokenIDs(ids))], options: options, clock: clock)
      let end = TimelineRecorder.now
      wall.append((ContinuousClock.now - before) / .seconds(1))
      passes.append(
        Recording.Pass(
          start: start, end: end, tokens: vectors[0].tokenCount, sequences: 1, activations: activations))
      sums.append(Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, clock[$0]) }))
    }
    recording = Recording(recorder, workerCount: model.threadCount, kernels: "any", passes: passes)
    wallSeconds = wall
    stageSums = sums
  }

  static func demo(threads: Int = 2) throws -> EmbeddingModel {
    try EmbeddingModel(path: TestModels.demo, threads: threads)
  }
}

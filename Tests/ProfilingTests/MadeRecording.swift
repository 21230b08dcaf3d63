import Kernels
import Profiling
import Touchstone

/// Recordings made by hand, whose sums are known.
enum MadeRecording {
  static func stage(
    _ operation: TimelineOperation, _ kind: Stage, layer: Int? = 0, rows: Int = 12, columns: Int = 64,
    tileRows: Int = 0, items: Int, from start: Int64, to end: Int64, weights: Int = 0, outputs: Int = 0
  ) -> TimelineStage {
    var stage = TimelineStage()
    stage.operation = operation
    stage.stage = kind
    stage.layer = layer
    stage.rows = rows
    stage.columns = columns
    stage.tileRows = tileRows
    stage.precision = .i8
    stage.items = items
    stage.start = start
    stage.end = end
    stage.work.weightBytes = weights
    stage.work.dotOperations = 2 * rows * columns * outputs
    return stage
  }

  static func event(_ stage: UInt32, _ item: UInt32, from start: Int64, to end: Int64) -> TimelineEvent {
    TimelineEvent(start: start, end: end, stage: stage, item: item)
  }

  static func recording(
    _ stages: [TimelineStage], _ events: [[TimelineEvent]], from start: Int64 = 0, to end: Int64
  ) -> Recording {
    Recording(
      workerCount: events.count, kernels: "made",
      passes: [
        Recording.Pass(start: start, end: end, tokens: 12, sequences: 1, activations: .i8)
      ], stages: stages, events: events)
  }

  /// Two workers. A multiply of two jobs, of which worker 1's ends last; a norm of one job.
  static var unbalanced: Recording {
    recording(
      [
        stage(
          .multiply, .multiply, rows: 12, tileRows: 6, items: 2, from: 100_000, to: 1_000_000, weights: 4096,
          outputs: 64),
        stage(.normalize, .norms, items: 1, from: 1_100_000, to: 1_300_000),
      ],
      [
        [event(0, 0, from: 100_000, to: 400_000)],
        [event(0, 1, from: 150_000, to: 1_000_000), event(0, .max, from: 150_000, to: 200_000)],
      ], to: 1_400_000)
  }
}

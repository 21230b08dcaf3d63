import Kernels
import Qwen3
import Touchstone

/// Where the time of one batch went.
package struct StageProfile: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let stage: Stage
    package let seconds: Double
    package let record: StageClock.Record
  }

  /// Every stage, in the order of the work; their times add up to ``seconds``.
  package let entries: [Entry]
  /// The whole, from texts to vectors.
  package let seconds: Double

  /// - Parameter seconds: the wall time of everything that `clock` watched.
  init(_ clock: StageClock, seconds: Double) {
    let watched = Stage.allCases.filter { $0 != .rest }
    let sum = watched.reduce(0) { $0 + Double(clock[$1].nanoseconds) / 1e9 }
    entries =
      watched.map { Entry(stage: $0, seconds: Double(clock[$0].nanoseconds) / 1e9, record: clock[$0]) }
      + [Entry(stage: .rest, seconds: max(0, seconds - sum), record: StageClock.Record())]
    self.seconds = seconds
  }

  package subscript(stage: Stage) -> Entry {
    entries[entries.firstIndex { $0.stage == stage }.unsafelyUnwrapped]
  }

  /// How much of a stage's time it would have taken at the machine's peaks of arithmetic; nil where it does
  /// nothing that is counted.
  package func shareOfPeak(_ stage: Stage, _ peaks: MachinePeaks) -> Double? {
    let entry = self[stage]
    let ideal =
      Double(entry.record.floatOperations) / peaks.floatOperations
      + Double(entry.record.dotOperations) / (peaks.tileOperations ?? peaks.dotOperations)
    return ideal > 0 && entry.seconds > 0 ? ideal / entry.seconds : nil
  }

  /// How fast weights came from memory while they were unpacked and multiplied, as a share of what the
  /// machine can read.
  package func shareOfMemory(_ peaks: MachinePeaks) -> Double {
    let seconds = self[.unpack].seconds + self[.multiply].seconds
    return seconds > 0 ? Double(self[.multiply].record.weightBytes) / seconds / peaks.memoryBytes : 0
  }
}

/// The engine's stages, for those who see this module only.
package typealias BenchmarkStage = Stage

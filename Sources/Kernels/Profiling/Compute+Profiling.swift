import CInstructions

extension Compute {
  /// The same with its time noted on `clock`; nil: not noted.
  package func with(clock: StageClock?) -> Compute {
    var compute = self
    compute.clock = clock
    return compute
  }

  /// Opens a stage, to be closed with ``StageTiming/end(_:)``. Without a clock, nothing happens.
  func begin(_ stage: Stage) -> StageTiming {
    StageTiming(clock: clock, stage: stage, start: clock == nil ? 0 : monotonicNanoseconds())
  }

  func unpackTimer(of worker: Int) -> UnpackTimer { clock?.unpackTimer(of: worker) ?? .off }
}

/// A stage under way.
struct StageTiming {
  let clock: StageClock?
  let stage: Stage
  let start: Int64

  /// Adds the time since the stage began, and with `count` what was done.
  func end(_ count: (inout StageClock.Record) -> Void = { _ in }) {
    guard let clock else { return }
    let duration = monotonicNanoseconds() - start
    clock.update(stage) { record in
      record.nanoseconds += duration
      count(&record)
    }
  }

  /// The same for a multiply: the part that its `threadCount` threads unpacked goes to ``Stage/unpack``.
  func endMultiply(threadCount: Int, _ count: (inout StageClock.Record) -> Void) {
    guard let clock else { return }
    end(count)
    let unpacking = clock.takeUnpackTime() / Int64(max(1, threadCount))
    clock.update(stage) { $0.nanoseconds -= unpacking }
    clock.update(.unpack) { $0.nanoseconds += unpacking }
  }
}

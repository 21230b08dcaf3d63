import CInstructions

extension Compute {
  /// The same with its time noted on `clock`; nil: not noted.
  package func with(clock: StageClock?) -> Compute {
    var compute = self
    compute.clock = clock
    return compute
  }

  /// Opens a stage, to be closed with ``StageTiming/end(_:)``. Without a clock, nothing happens.
  ///
  /// - Parameters:
  ///   - rows: of the input, and `columns`: its shape on the timeline.
  ///   - tileRows: the rows that the kernel takes at once; 0: any number.
  ///   - joinsNext: see ``TimelineStage/joinsNext``.
  func begin(
    _ stage: Stage, _ operation: TimelineOperation, rows: Int, columns: Int, tileRows: Int = 0,
    joinsNext: Bool = false
  ) -> StageTiming {
    guard let clock else { return StageTiming(clock: nil, stage: stage, start: 0) }
    clock.recorder?.open(
      operation, rows: rows, columns: columns, tileRows: tileRows, precision: integerPrecision,
      joinsNext: joinsNext)
    return StageTiming(clock: clock, stage: stage, start: monotonicNanoseconds())
  }
}

/// A stage under way.
struct StageTiming {
  let clock: StageClock?
  let stage: Stage
  let start: Int64

  /// Adds the time since the stage began, and with `count` what was done.
  func end(_ count: (inout StageClock.Record) -> Void = { _ in }) {
    guard let clock else { return }
    var work = StageClock.Record()
    let end = monotonicNanoseconds()
    count(&work)
    work.nanoseconds = end - start
    clock.update(stage) { $0.add(work) }
    clock.recorder?.close(stage, start: start, end: end, work: work)
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

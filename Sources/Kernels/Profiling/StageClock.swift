import CInstructions

/// Adds up where the time of forward passes goes.
///
/// Stages follow one another on the thread that computes; what workers do inside of a stage is part of it.
/// Only unpacking is told apart within the tiles of a multiply: each worker notes its own (``UnpackTimer``),
/// and the stage's wall time is divided in that proportion.
///
/// One pass at a time; not to be read while a pass is under way.
///
/// Sendable: records are changed by the thread that computes the pass, and read when the pass has ended. A
/// worker adds to its own counter, in a job; the computing thread takes the sum when the job is done.
package final class StageClock: @unchecked Sendable {
  /// What one stage has taken, and what it has done.
  package struct Record: Sendable, Equatable {
    /// Wall time.
    package var nanoseconds: Int64 = 0
    /// Float multiplications and additions that the result asks for.
    package var floatOperations = 0
    /// Multiplications and additions of bytes that the result asks for: twice as many with 16-bit
    /// activations.
    package var dotOperations = 0
    /// Bytes of weights, as the file has them.
    package var weightBytes = 0

    package init() {}

    mutating func add(_ other: Record) {
      nanoseconds += other.nanoseconds
      floatOperations += other.floatOperations
      dotOperations += other.dotOperations
      weightBytes += other.weightBytes
    }
  }

  /// Keeps each stage and job apart, for a timeline; nil: only the sums are kept.
  package let recorder: TimelineRecorder?
  private let workerCount: Int
  private var records = [Record](repeating: Record(), count: Stage.allCases.count)
  /// A counter a worker, each on cache lines of its own: the recorder's, where there is one.
  let lanes: UnsafeMutablePointer<TimelineLane>

  /// - Parameter recorder: has room for as many workers.
  package init(workerCount: Int, recorder: TimelineRecorder? = nil) {
    precondition(recorder.map { $0.workerCount >= workerCount } ?? true)
    self.workerCount = workerCount
    self.recorder = recorder
    lanes = recorder?.lanes ?? TimelineRecorder.allocateLanes(workerCount)
  }

  deinit { if recorder == nil { lanes.deallocate() } }

  /// The stages that follow are those of this layer; nil: of none.
  package func enter(layer: Int?) { recorder?.layer = layer }

  package subscript(stage: Stage) -> Record { records[Self.index(stage)] }

  package func reset() {
    records = [Record](repeating: Record(), count: records.count)
    _ = takeUnpackTime()
  }

  /// Calls `body` and adds its time to `stage`.
  package func measure<Result, Failure>(
    _ stage: Stage, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    recorder?.open(.other, rows: 0, columns: 0, tileRows: 0, precision: nil, joinsNext: false)
    let timing = StageTiming(clock: self, stage: stage, start: monotonicNanoseconds())
    defer { timing.end() }
    return try body()
  }

  func update(_ stage: Stage, _ change: (inout Record) -> Void) { change(&records[Self.index(stage)]) }

  /// The sum of all workers' times since the last call.
  func takeUnpackTime() -> Int64 {
    var sum: Int64 = 0
    for worker in 0..<workerCount {
      sum += lanes[worker].unpackNanoseconds
      lanes[worker].unpackNanoseconds = 0
    }
    return sum
  }

  private static func index(_ stage: Stage) -> Int { stage.index }
}

extension StageClock? {
  /// Calls `body`, and adds its time to `stage` where there is a clock.
  package func measure<Result, Failure>(
    _ stage: Stage, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let self else { return try body() }
    return try self.measure(stage, body)
  }
}

import CInstructions

/// What a worker did, and when: one tile job, or one section of weights unpacked inside of it. 24 bytes.
public struct TimelineEvent: Sendable, Equatable {
  /// Nanoseconds of the monotonic clock.
  public var start: Int64
  public var end: Int64
  /// The number of the ``TimelineStage`` that the work is part of.
  public var stage: UInt32
  /// The number of the job in its stage; ``unpacking``: a section of weights inside of the job at hand.
  public var item: UInt32

  public static var unpacking: UInt32 { .max }

  @inlinable
  public init(start: Int64, end: Int64, stage: UInt32, item: UInt32) {
    self.start = start
    self.end = end
    self.stage = stage
    self.item = item
  }
}

/// An operation of ``Compute`` on the timeline of the thread that computes the pass.
package struct TimelineStage: Sendable, Equatable {
  package var stage = Stage.rest
  package var operation = TimelineOperation.other
  /// nil: what belongs to no layer.
  package var layer: Int?
  /// As ``TimelineRecorder/pass`` said.
  package var pass = 0
  /// [rows, columns] of the input; rows are tokens, also of heads.
  package var rows = 0
  package var columns = 0
  /// The rows of the input that its kernel takes at once; 0: any number.
  package var tileRows = 0
  /// The integers that activations become; nil for float32. Some layers of a pass may differ from it.
  package var precision: IntegerPrecision?
  /// Whether a pass that is not recorded does this stage in the jobs of the next one, row by row.
  package var joinsNext = false
  /// Tile jobs; 0: the stage is one job of the computing thread.
  package var items = 0
  package var start: Int64 = 0
  package var end: Int64 = 0
  /// What was done.
  package var work = StageClock.Record()

  package init() {}
}

/// The operations of ``Compute``, which stages are made of.
package enum TimelineOperation: String, CaseIterable, Sendable {
  case lookUp, quantize, multiply, attend, normalize, normalizeHeads, rotate, store, activate, add, scale,
    other
}

/// A worker's place to write to, on cache lines of its own. ``UnpackTimer`` writes there too.
@usableFromInline
struct TimelineLane {
  /// The time of unpacking since the stage began; see ``StageClock``.
  @usableFromInline var unpackNanoseconds: Int64 = 0
  /// Room for `capacity` events; without a recorder 0.
  @usableFromInline var events: UnsafeMutablePointer<TimelineEvent>?
  @usableFromInline var capacity = 0
  /// Events so far, those included that found no room.
  @usableFromInline var count = 0
  /// The stage of the last job, and its end, where the next job of that stage begins.
  @usableFromInline var stage = UInt32.max
  @usableFromInline var lastEnd: Int64 = 0
  /// Two cache lines in all: processors fetch them in pairs.
  @usableFromInline var padding = InlineArray<10, Int64>(repeating: 0)

  @usableFromInline init() {}

  @inlinable @inline(__always)
  mutating func append(start: Int64, end: Int64, item: UInt32) {
    if count < capacity, let events {
      (events + count).initialize(to: TimelineEvent(start: start, end: end, stage: stage, item: item))
    }
    count &+= 1
  }
}

/// Records every stage, tile job and unpacked section of forward passes, for a timeline.
///
/// All memory is allocated before; while a pass runs, nothing is allocated and nothing locked. A job costs
/// one look at the clock, since it begins where the last one ended. What finds no room is counted, not kept.
///
/// Sendable as ``StageClock`` is: one pass at a time, its stages on one thread, each worker in its own lane,
/// read only between passes.
package final class TimelineRecorder: @unchecked Sendable {
  package let workerCount: Int
  let lanes: UnsafeMutablePointer<TimelineLane>
  private let stageMemory: UnsafeMutablePointer<TimelineStage>
  private let stageCapacity: Int
  private var stageCount = 0
  private let eventMemory: UnsafeMutablePointer<TimelineEvent>
  /// Copied into every stage that follows: whose it is.
  package var pass = 0
  package var layer: Int?
  /// For tests: this worker begins each of its jobs so much later, as on a slow processor.
  package var delay: (worker: Int, nanoseconds: Int64) = (-1, 0)

  /// - Parameters:
  ///   - eventCapacity: the most jobs and sections of one worker.
  ///   - stageCapacity: the most stages.
  package init(workerCount: Int, eventCapacity: Int, stageCapacity: Int) {
    precondition(workerCount > 0 && eventCapacity >= 0 && stageCapacity >= 0)
    self.workerCount = workerCount
    self.stageCapacity = stageCapacity
    lanes = Self.allocateLanes(workerCount)
    stageMemory = .allocate(capacity: stageCapacity)
    stageMemory.initialize(repeating: TimelineStage(), count: stageCapacity)
    // Written once now, so that no page is first touched in a pass.
    eventMemory = .allocate(capacity: workerCount * eventCapacity)
    eventMemory.initialize(
      repeating: TimelineEvent(start: 0, end: 0, stage: 0, item: 0), count: workerCount * eventCapacity)
    for worker in 0..<workerCount {
      lanes[worker].events = eventMemory + worker * eventCapacity
      lanes[worker].capacity = eventCapacity
    }
  }

  deinit {
    lanes.deallocate()
    stageMemory.deallocate()
    eventMemory.deallocate()
  }

  static func allocateLanes(_ workerCount: Int) -> UnsafeMutablePointer<TimelineLane> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: workerCount * MemoryLayout<TimelineLane>.stride, alignment: 128)
    let lanes = memory.bindMemory(to: TimelineLane.self, capacity: workerCount)
    lanes.initialize(repeating: TimelineLane(), count: workerCount)
    return lanes
  }

  /// The time, as events have it.
  package static var now: Int64 { monotonicNanoseconds() }

  package var stages: [TimelineStage] {
    (0..<min(stageCount, stageCapacity)).map { stageMemory[$0] }
  }

  /// In the order of their ends.
  package func events(of worker: Int) -> [TimelineEvent] {
    let lane = lanes[worker]
    return Array(UnsafeBufferPointer(start: lane.events, count: min(lane.count, lane.capacity)))
  }

  /// Stages and events since the start, those included that found no room.
  package var counts: (stages: Int, events: Int) {
    (stageCount, (0..<workerCount).reduce(0) { $0 + lanes[$1].count })
  }

  /// Stages and events that found no room.
  package var droppedCount: Int {
    (0..<workerCount).reduce(max(0, stageCount - stageCapacity)) {
      $0 + max(0, lanes[$1].count - lanes[$1].capacity)
    }
  }

  /// Forgets everything recorded.
  package func reset() {
    stageCount = 0
    for worker in 0..<workerCount {
      lanes[worker].count = 0
      lanes[worker].stage = .max
    }
  }

  // MARK: While a pass runs

  func open(
    _ operation: TimelineOperation, rows: Int, columns: Int, tileRows: Int, precision: IntegerPrecision?,
    joinsNext: Bool
  ) {
    guard stageCount < stageCapacity else { return }
    let stage = stageMemory + stageCount
    stage.pointee.operation = operation
    stage.pointee.layer = layer
    stage.pointee.pass = pass
    stage.pointee.rows = rows
    stage.pointee.columns = columns
    stage.pointee.tileRows = tileRows
    stage.pointee.precision = precision
    stage.pointee.joinsNext = joinsNext
    stage.pointee.items = 0
  }

  func close(_ kind: Stage, start: Int64, end: Int64, work: StageClock.Record) {
    if stageCount < stageCapacity {
      let stage = stageMemory + stageCount
      stage.pointee.stage = kind
      stage.pointee.start = start
      stage.pointee.end = end
      stage.pointee.work = work
    }
    stageCount += 1
  }

  /// `workers.forEach` as a part of the open stage. A single job is the stage itself: no look at the clock.
  func run(_ itemCount: Int, on workers: Workers, _ body: (_ item: Int, _ worker: Int) -> Void) {
    // Copies: an item that asked this object would count references.
    let (stage, delay, lanes) = (UInt32(truncatingIfNeeded: stageCount), delay, lanes)
    if stageCount < stageCapacity { stageMemory[stageCount].items = itemCount }
    guard itemCount > 1 else {
      lanes[0].stage = stage
      return workers.forEach(itemCount, body)
    }
    workers.forEach(itemCount) { item, worker in
      let lane = lanes + worker
      let start = lane.pointee.stage == stage ? lane.pointee.lastEnd : monotonicNanoseconds()
      lane.pointee.stage = stage
      if worker == delay.worker { Self.wait(until: start + delay.nanoseconds) }
      body(item, worker)
      let end = monotonicNanoseconds()
      lane.pointee.lastEnd = end
      lane.pointee.append(start: start, end: end, item: UInt32(truncatingIfNeeded: item))
    }
  }

  private static func wait(until time: Int64) {
    while monotonicNanoseconds() < time {}
  }
}

extension StageClock? {
  /// `workers.forEach`, with each job on the timeline where one is recorded.
  func forEach(_ itemCount: Int, on workers: Workers, _ body: (_ item: Int, _ worker: Int) -> Void) {
    guard let recorder = self?.recorder else { return workers.forEach(itemCount, body) }
    recorder.run(itemCount, on: workers, body)
  }
}

import CInstructions

/// The timers of all workers, taken once for a job of many items: an item that asked the clock itself would
/// count references, and the workers would wait for each other at the counter.
struct UnpackTimers {
  fileprivate let lanes: UnsafeMutablePointer<TimelineLane>?

  subscript(worker: Int) -> UnpackTimer { UnpackTimer(lane: lanes.map { $0 + worker }) }
}

extension StageClock? {
  var unpackTimers: UnpackTimers { UnpackTimers(lanes: self?.lanes) }
}

/// Where one worker notes how long it unpacks weights. Off, it reads no clock: a branch for each panel.
public struct UnpackTimer {
  @usableFromInline let lane: UnsafeMutablePointer<TimelineLane>?

  @usableFromInline
  init(lane: UnsafeMutablePointer<TimelineLane>?) { self.lane = lane }

  @inlinable @inline(__always)
  public static var off: UnpackTimer { UnpackTimer(lane: nil) }

  /// To be handed to ``stop(_:)``.
  @inlinable @inline(__always)
  func start() -> Int64 { lane == nil ? 0 : monotonicNanoseconds() }

  @inlinable @inline(__always)
  func stop(_ start: Int64) {
    guard let lane else { return }
    let end = monotonicNanoseconds()
    lane.pointee.unpackNanoseconds &+= end &- start
    lane.pointee.append(start: start, end: end, item: TimelineEvent.unpacking)
  }
}

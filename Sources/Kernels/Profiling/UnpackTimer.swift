import CInstructions

/// Where one worker notes how long it unpacks weights. Off, it reads no clock: a branch for each panel.
public struct UnpackTimer {
  @usableFromInline let nanoseconds: UnsafeMutablePointer<Int64>?

  @usableFromInline
  init(nanoseconds: UnsafeMutablePointer<Int64>?) { self.nanoseconds = nanoseconds }

  @inlinable @inline(__always)
  public static var off: UnpackTimer { UnpackTimer(nanoseconds: nil) }

  /// To be handed to ``stop(_:)``.
  @inlinable @inline(__always)
  func start() -> Int64 { nanoseconds == nil ? 0 : monotonicNanoseconds() }

  @inlinable @inline(__always)
  func stop(_ start: Int64) {
    if let nanoseconds { nanoseconds.pointee &+= monotonicNanoseconds() &- start }
  }
}

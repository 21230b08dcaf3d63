import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes lines to a file descriptor, in order and never in anybody's way.
///
/// A thread of its own writes, so that a reader of standard error that has stopped reading does not stop
/// requests. What does not fit the buffer is dropped and counted, as is what a full disk or a closed
/// descriptor refuses.
package final class LogWriter: Sendable {
  /// Bytes that may wait to be written.
  private static let capacity = 1 << 20

  private struct State {
    var waiting: [UInt8] = []
    var isWriting = false
    var droppedLines = 0
  }

  private let descriptor: Int32
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "touchstone.log")

  package static let standardError = LogWriter(descriptor: STDERR_FILENO)

  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Lines that nobody will see.
  package var droppedLines: Int { state.withLock(\.droppedLines) }

  /// - Parameter line: with its line end.
  package func write(_ line: [UInt8]) {
    let begins = state.withLock { state in
      guard state.waiting.count + line.count <= Self.capacity else {
        state.droppedLines += 1
        return false
      }
      state.waiting += line
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if begins { queue.async { self.drain() } }
  }

  /// Waits until all lines are written, but no longer than `seconds`: for the end of the process.
  package func flush(seconds: Double) {
    let isDone = DispatchSemaphore(value: 0)
    queue.async { isDone.signal() }
    _ = isDone.wait(timeout: .now() + seconds)
  }

  private func drain() {
    while true {
      let bytes = state.withLock { state in
        defer { state.waiting = [] }
        state.isWriting = !state.waiting.isEmpty
        return state.waiting
      }
      if bytes.isEmpty { return }
      let written = writeAll(bytes)
      guard written < bytes.count else { continue }
      let lost = bytes[written...].count { $0 == UInt8(ascii: "\n") }
      state.withLock { $0.droppedLines += lost }
    }
  }

  /// The number of bytes that could be written.
  private func writeAll(_ bytes: [UInt8]) -> Int {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&state, 1, -1) >= 0 || errno == EINTR { continue }
      }
      guard count > 0 else { break }
      written += count
    }
    return written
  }
}

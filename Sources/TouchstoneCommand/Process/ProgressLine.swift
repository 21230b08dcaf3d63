import Glibc

/// What is being done, on standard error: one line that is overwritten, on a terminal only and only when the
/// work takes longer than a second; or a line a second where the user asked for it.
final class ProgressLine {
  private let isEnabled: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastReport = ContinuousClock.now
  private var hasReported = false

  /// - Parameter isWanted: nil lets the terminal decide.
  init(isWanted: Bool?) { isEnabled = isWanted ?? isTerminal }

  func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    guard isEnabled,
      now - lastReport > .seconds(1) || hasReported && isTerminal && now - lastReport > .milliseconds(100)
    else { return }
    lastReport = now
    hasReported = true
    StandardError.write(isTerminal ? "\r\u{1B}[K\(text())" : "touchstone: \(text())\n")
  }

  /// Clears the line.
  func finish() {
    if hasReported, isTerminal { StandardError.write("\r\u{1B}[K") }
    hasReported = false
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is being done, on standard error: one line that is overwritten, on a terminal only and only when the
/// work takes longer than a second; or a line a second where the user asked for it.
final class ProgressLine {
  private let isEnabled: Bool
  let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastReport = ContinuousClock.now
  /// Whether a line was shown since the beginning.
  private(set) var hasReported = false
  private var isShown = false

  /// - Parameter isWanted: nil lets the terminal decide.
  init(isWanted: Bool?) { isEnabled = isWanted ?? isTerminal }

  func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    guard isEnabled,
      now - lastReport > .seconds(1) || isShown && isTerminal && now - lastReport > .milliseconds(200)
    else { return }
    lastReport = now
    write(text())
  }

  /// A last line that stays: where progress was shown, or lines are wanted in any case.
  func end(_ text: @autoclosure () -> String) {
    finish()
    guard isEnabled, hasReported || !isTerminal else { return }
    StandardError.say(DisplayText.oneLine(text()))
  }

  /// Clears the line.
  func finish() {
    if isShown, isTerminal { StandardError.write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    hasReported = true
    isShown = true
    let line = DisplayText.oneLine(text)
    StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "touchstone: \(line)\n")
  }
}

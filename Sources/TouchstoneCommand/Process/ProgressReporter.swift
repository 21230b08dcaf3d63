import Glibc

/// How far the work is, on standard error: one line that is overwritten, on a terminal only and only when the
/// work takes longer than a second; or a line a second where the user asked for it.
package final class ProgressReporter {
  private let isEnabled: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var lastReport: ContinuousClock.Instant
  private var textCount = 0
  private var tokenCount = 0
  private var hasReported = false

  /// - Parameter isWanted: nil lets the terminal decide.
  package init(isWanted: Bool?) {
    isEnabled = isWanted ?? isTerminal
    lastReport = start
  }

  /// - Parameters:
  ///   - texts: the texts done since the last call.
  ///   - fraction: the part of the input that is done, if known.
  package func advance(texts: Int, tokens: Int, fraction: Double?) {
    textCount += texts
    tokenCount += tokens
    let now = ContinuousClock.now
    guard isEnabled,
      now - lastReport > .seconds(1) || hasReported && isTerminal && now - lastReport > .milliseconds(200)
    else { return }
    lastReport = now
    hasReported = true
    report(fraction: fraction)
  }

  /// Clears the line for other output.
  package func clear() {
    if hasReported, isTerminal { StandardError.write("\r\u{1B}[K") }
    hasReported = false
  }

  /// Ends the reports: says the last figures where lines stay.
  package func finish() {
    clear()
    if isEnabled, !isTerminal { report(fraction: nil) }
  }

  private func report(fraction: Double?) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let rate = seconds > 0 ? Int(Double(tokenCount) / seconds) : 0
    var line = fraction.map { "\(Decimal.text($0 * 100, digits: 0)) %, " } ?? ""
    line += "\(Decimal.grouped(textCount)) texts, \(Decimal.grouped(tokenCount)) tokens, "
    line += "\(Decimal.grouped(rate)) tokens/s"
    StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "touchstone: \(line)\n")
  }
}

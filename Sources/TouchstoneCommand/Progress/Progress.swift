/// How far a run over many texts is: texts, tokens, rate and the time that is left.
package final class Progress {
  private let line: ProgressLine
  private let start = ContinuousClock.now
  private var textCount = 0
  private var tokenCount = 0
  /// The part of the input that an earlier run has done.
  private var firstFraction = 0.0

  /// - Parameter isWanted: nil lets the terminal decide.
  package init(isWanted: Bool?) { line = ProgressLine(isWanted: isWanted) }

  /// What was done before this run took no time of it.
  func begin(at fraction: Double?) { firstFraction = fraction ?? 0 }

  /// - Parameters:
  ///   - texts: the texts done since the last call.
  ///   - fraction: the part of the input that is done, if known.
  package func advance(texts: Int, tokens: Int, fraction: Double?) {
    textCount += texts
    tokenCount += tokens
    line.show(Self.report(counts, seconds, fraction: fraction, since: firstFraction))
  }

  /// Clears the line for other output.
  package func clear() { line.finish() }

  /// Ends the reports with a line of what was done.
  ///
  /// - Parameter output: where it went; nil for standard output.
  package func finish(output: String? = nil) {
    line.end(Self.summary(counts, seconds) + (output.map { " → \($0)" } ?? ""))
  }

  package typealias Counts = (texts: Int, tokens: Int)
  private var counts: Counts { (textCount, tokenCount) }
  private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// `26 %, 2,247 texts, 38,288 tokens, 10,350 tokens/s, 12 s left`
  package static func report(
    _ counts: Counts, _ seconds: Double, fraction: Double?, since first: Double = 0
  ) -> String {
    var parts = fraction.map { ["\(Decimal.text($0 * 100, digits: 0)) %"] } ?? []
    parts += [done(counts), rate(counts, seconds)]
    // The first moments say nothing of the rest.
    if let fraction, fraction < 1, fraction - first > 0.005, seconds > 2 {
      parts.append("\(duration(seconds * (1 - fraction) / (fraction - first))) left")
    }
    return parts.joined(separator: ", ")
  }

  /// `10,000 texts, 1,234,567 tokens in 2 min 3 s, 10,037 tokens/s`
  package static func summary(_ counts: Counts, _ seconds: Double) -> String {
    "\(done(counts)) in \(duration(seconds)), \(rate(counts, seconds))"
  }

  private static func done(_ counts: Counts) -> String {
    "\(count(counts.texts, "text")), \(count(counts.tokens, "token"))"
  }

  private static func count(_ value: Int, _ noun: String) -> String {
    "\(Decimal.grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  private static func rate(_ counts: Counts, _ seconds: Double) -> String {
    "\(Decimal.grouped(seconds > 0 ? Int(min(Double(counts.tokens) / seconds, 1e12)) : 0)) tokens/s"
  }

  /// `0.4 s`, `42 s`, `3 min 5 s`, `2 h 10 min`
  package static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return "\(Decimal.text(seconds, digits: 1)) s" }
    let whole = Int(min(seconds.rounded(), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

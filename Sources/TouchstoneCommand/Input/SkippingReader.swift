/// Goes on after lines that are no texts, and says which.
package final class SkippingReader: InputReader {
  private let reader: any InputReader
  private let say: (String) -> Void
  package private(set) var skippedCount = 0
  private var lastLine = 0

  /// Further lines are counted, not named.
  private static let namedLimit = 20

  /// - Parameter say: told of each of the first lines that are skipped.
  package init(_ reader: any InputReader, say: @escaping (String) -> Void = StandardError.say) {
    self.reader = reader
    self.say = say
  }

  package var wouldBlock: Bool { reader.wouldBlock }
  package var fractionRead: Double? { reader.fractionRead }

  package func next() throws(CommandError) -> InputItem? {
    while true {
      do {
        return try reader.next()
      } catch {
        // A line that cannot be passed, as one without an end, stays an error.
        guard case .input(let location, _) = error, location.number > lastLine else { throw error }
        lastLine = location.number
        skippedCount += 1
        if skippedCount <= Self.namedLimit { say("skipped: \(error)") }
        if skippedCount == Self.namedLimit + 1 { say("further lines that are skipped are only counted") }
      }
    }
  }

  /// Says how many lines were skipped, if any were.
  package func finish() {
    guard skippedCount > 0 else { return }
    say("\(Decimal.grouped(skippedCount)) \(skippedCount == 1 ? "line was" : "lines were") skipped")
  }
}

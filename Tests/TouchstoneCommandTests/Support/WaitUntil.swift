import Glibc

/// What a test waited for did not come.
struct TimedOut: Error, CustomStringConvertible {
  let expectation: String

  var description: String { "waited for five minutes, and not: \(expectation)" }
}

/// Asks every five milliseconds whether `condition` holds, for five minutes at most: this ends what hangs,
/// and is no measure of a machine that may be busy.
func waitUntil(_ expectation: String, _ condition: () throws -> Bool) throws {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(300)
  while try !condition() {
    guard clock.now < end else { throw TimedOut(expectation: expectation) }
    usleep(5000)
  }
}

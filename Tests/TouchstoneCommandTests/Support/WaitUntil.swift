import Glibc

/// What a test waited for did not come.
struct TimedOut: Error, CustomStringConvertible {
  let expectation: String

  var description: String { "waited for a minute, and not: \(expectation)" }
}

/// Asks every five milliseconds whether `condition` holds, for a minute at most.
func waitUntil(_ expectation: String, _ condition: () throws -> Bool) throws {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(60)
  while try !condition() {
    guard clock.now < end else { throw TimedOut(expectation: expectation) }
    usleep(5000)
  }
}

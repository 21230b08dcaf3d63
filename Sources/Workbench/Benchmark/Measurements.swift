import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Measures wall time.
enum Stopwatch {
  static func seconds<Failure>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}

/// Times of the same work, done several times.
package struct Samples: Sendable, Equatable {
  /// In the order of the runs. Not empty.
  package let seconds: [Double]

  package init(seconds: [Double]) {
    precondition(!seconds.isEmpty)
    self.seconds = seconds
  }

  package var best: Double { seconds.min() ?? 0 }

  /// The middle one, or the mean of the two in the middle.
  package var median: Double {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// The processor as Linux names it, or nil.
package func processorName() -> String? {
  guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
    let line = information.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
    let colon = line.firstIndex(of: ":")
  else { return nil }
  return line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

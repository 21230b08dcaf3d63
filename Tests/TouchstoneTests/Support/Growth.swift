import Foundation
import Testing

/// How the time of some work grows with the size of its input.
enum Growth {
  /// Expects that four times the input takes less than nine times as long: less than three times for each
  /// doubling. Linear work takes four times as long, quadratic work sixteen times.
  ///
  /// Time is that of this thread on its processor, the least of three runs, and one of four measurements has
  /// to show it: other work on the machine, caches and new pages can make linear work look worse, and never
  /// quadratic work look linear. Sizes are raised until the work takes 10 ms.
  static func expectAboutLinear(
    _ name: String, from first: Int, sourceLocation: SourceLocation = #_sourceLocation,
    _ work: (_ size: Int) throws -> () -> Void
  ) rethrows {
    var size = first
    var small = try seconds(work(size))
    while small < 0.01, size < first << 8 {
      size *= 2
      small = try seconds(work(size))
    }
    var large = try seconds(work(4 * size))
    for _ in 0..<3 where large >= 9 * small + 0.03 {
      small = try seconds(work(size))
      large = try seconds(work(4 * size))
    }
    #expect(
      large < 9 * small + 0.03, "\(name): \(small) s for \(size), \(large) s for \(4 * size)",
      sourceLocation: sourceLocation)
  }

  private static func seconds(_ work: () -> Void) -> Double {
    (0..<3).map { _ in
      let start = now()
      work()
      return now() - start
    }.min()!
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

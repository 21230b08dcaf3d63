#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How the time of some work grows with the size of its input.
package enum Growth {
  /// nil where sixteen times the input takes less than 81 times as long: less than three times for each
  /// doubling. Linear work takes 16 times as long, quadratic work 256 times. Else a sentence with both times.
  ///
  /// Time is that of this thread on its processor, the least of three runs, and one of three measurements has
  /// to show it: other work on the machine, caches and new pages can make linear work look worse, and never
  /// quadratic work look linear. Sizes are raised until the work takes 4 ms.
  package static func excess(
    _ name: String, from first: Int, _ work: (_ size: Int) throws -> () -> Void
  ) rethrows -> String? {
    var size = first
    var small = try seconds(work(size))
    while small < 0.004, size < first << 6 {
      size *= 2
      small = try seconds(work(size))
    }
    var large = try seconds(work(16 * size))
    for _ in 0..<2 where large >= 81 * small + 0.03 {
      small = try seconds(work(size))
      large = try seconds(work(16 * size))
    }
    guard large >= 81 * small + 0.03 else { return nil }
    return "\(name): \(small) s for \(size), \(large) s for \(16 * size)"
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

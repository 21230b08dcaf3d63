#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The number of threads that compute.
///
/// - Parameter asked: nil: as many as this process may run at once.
/// - Throws: ``TouchstoneError/invalidOption(_:)`` where there cannot be as many.
package func computingThreadCount(_ asked: Int?) throws(TouchstoneError) -> Int {
  let limit = 1024
  guard let asked else { return min(availableProcessorCount(), limit) }
  guard (1...limit).contains(asked) else {
    throw .invalidOption("threads is \(asked), but must be from 1 to \(limit)")
  }
  return asked
}

/// How many processors this process may use.
///
/// On Linux those of its affinity mask, which `taskset` and container engines set, and no more than its
/// control group may use (`docker run --cpus`). Elsewhere those that are active.
package func availableProcessorCount() -> Int {
  var count = ProcessInfo.processInfo.activeProcessorCount
  #if os(Linux)
    if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let allowed = allowedProcessorCount(status: status)
    {
      count = allowed
    }
    if let limit = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8),
      let quota = processorQuota(limit)
    {
      count = min(count, quota)
    }
  #endif
  return max(1, count)
}

/// The bits set in the line `Cpus_allowed: ff,ffffffff` of `/proc/self/status`.
func allowedProcessorCount(status: String) -> Int? {
  guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else {
    return nil
  }
  let words = line.dropFirst("Cpus_allowed:".count).split { $0 == "," || $0.isWhitespace }
  let counts = words.map { UInt32($0, radix: 16)?.nonzeroBitCount }
  guard !counts.isEmpty, !counts.contains(nil) else { return nil }
  return counts.compactMap(\.self).reduce(0, +)
}

/// `quota period` of a control group's `cpu.max`, rounded up to whole processors; nil for `max`.
func processorQuota(_ limit: String) -> Int? {
  let numbers = limit.split(whereSeparator: \.isWhitespace).map { Int($0) }
  guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else { return nil }
  return max(1, (quota + period - 1) / period)
}

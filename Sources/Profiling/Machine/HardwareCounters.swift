import CCounters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts of the processor, of the calling thread and the threads that it starts after they were opened.
package final class HardwareCounters {
  package enum Kind: String, CaseIterable, Sendable {
    case cycles, instructions, cacheReferences, cacheMisses, branchMisses

    fileprivate var number: Int32 {
      switch self {
      case .cycles: Int32(touchstoneCycles)
      case .instructions: Int32(touchstoneInstructions)
      case .cacheReferences: Int32(touchstoneCacheReferences)
      case .cacheMisses: Int32(touchstoneCacheMisses)
      case .branchMisses: Int32(touchstoneBranchMisses)
      }
    }
  }

  /// What was counted between two readings.
  package struct Counts: Sendable, Equatable {
    /// nil where this machine does not count it.
    package var values: [Kind: Double] = [:]
    /// Why something is missing: a sentence. nil where nothing is.
    package var reason: String?
    /// Seconds of processor time, of all threads of the process, in the system too.
    package var processorSeconds = 0.0
    /// How often a thread waited, and how often another was given its processor.
    package var voluntarySwitches = 0
    package var involuntarySwitches = 0
    /// Pages that were touched for the first time.
    package var pageFaults = 0

    package init() {}

    /// Cycles a second of processor time.
    package var frequency: Double? {
      guard let cycles = values[.cycles], processorSeconds > 0 else { return nil }
      return cycles / processorSeconds
    }
  }

  private let descriptors: [(kind: Kind, descriptor: Int32)]
  private let reason: String?
  private var start = Counts()

  package init() {
    var descriptors: [(Kind, Int32)] = []
    var failure: Int32?
    for kind in Kind.allCases {
      let descriptor = touchstoneOpenCounter(kind.number)
      if descriptor >= 0 { descriptors.append((kind, descriptor)) } else { failure = failure ?? -descriptor }
    }
    self.descriptors = descriptors
    reason = failure.map(Self.sentence)
  }

  deinit { for entry in descriptors { touchstoneCloseCounter(entry.descriptor) } }

  /// What follows counts.
  package func begin() { start = reading() }

  package func end() -> Counts {
    let end = reading()
    var counts = Counts()
    counts.reason = reason
    for (kind, value) in end.values { counts.values[kind] = value - (start.values[kind] ?? 0) }
    counts.processorSeconds = end.processorSeconds - start.processorSeconds
    counts.voluntarySwitches = end.voluntarySwitches - start.voluntarySwitches
    counts.involuntarySwitches = end.involuntarySwitches - start.involuntarySwitches
    counts.pageFaults = end.pageFaults - start.pageFaults
    return counts
  }

  private func reading() -> Counts {
    var counts = Counts()
    for (kind, descriptor) in descriptors {
      var value = 0.0
      if touchstoneReadCounter(descriptor, &value) == 0 { counts.values[kind] = value }
    }
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    counts.processorSeconds = [usage.ru_utime, usage.ru_stime].reduce(0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
    counts.voluntarySwitches = Int(usage.ru_nvcsw)
    counts.involuntarySwitches = Int(usage.ru_nivcsw)
    counts.pageFaults = Int(usage.ru_minflt) + Int(usage.ru_majflt)
    return counts
  }

  /// Why the system gives no counter.
  static func sentence(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENODEV, EOPNOTSUPP:
      "this machine has no such counters for its programs; virtual machines seldom have"
    case EACCES, EPERM:
      "the system forbids it; as root, write 2 or less to /proc/sys/kernel/perf_event_paranoid, "
        + "or allow perf_event_open in the container's seccomp profile"
    case ENOSYS: "this system has no perf_event_open"
    default: "perf_event_open ends with error \(code)"
    }
  }
}

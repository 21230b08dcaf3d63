import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What Linux counts for this process, under the names that Prometheus's own client libraries use.
struct ProcessMetrics: Sendable {
  /// Seconds since 1970.
  let startTime: Double

  init() {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    startTime = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  var uptime: Double {
    ProcessMetrics().startTime - startTime
  }

  func write(to text: inout PrometheusText) {
    text.single(
      "process_start_time_seconds", .gauge, "When the service started, in seconds since 1970.", startTime)
    text.single(
      "process_cpu_seconds_total", .counter, "Processor time used, of all threads.", Self.processorSeconds)
    if let memory = ProcessMemory.current {
      text.single(
        "process_resident_memory_bytes", .gauge, "Memory in use, pages of the mapped model files included.",
        Double(memory.residentBytes))
      text.single(
        "touchstone_own_memory_bytes", .gauge, "Memory in use that belongs to no file: activations, tables.",
        Double(memory.ownBytes))
      text.single(
        "touchstone_peak_memory_bytes", .gauge, "The most memory that was in use at once.",
        Double(memory.peakBytes))
    }
    if let count = Self.openFileCount {
      text.single("process_open_fds", .gauge, "Open files and connections.", Double(count))
    }
  }

  private static var processorSeconds: Double {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static var openFileCount: Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Not `.` and `..`, and not the folder's own.
    return count - 3
  }
}

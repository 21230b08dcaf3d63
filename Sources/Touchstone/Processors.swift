#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How many processors this process may use: on Linux those of its affinity mask, which containers and `taskset` set.
func availableProcessorCount() -> Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

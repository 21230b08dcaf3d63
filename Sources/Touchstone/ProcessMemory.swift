#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How much memory this process has, as Linux counts it; nil elsewhere.
package struct ProcessMemory: Sendable, Equatable {
  /// The most that was resident at once, pages of the mapped model file included.
  package let peakBytes: Int
  /// Resident now, pages of the mapped model file included.
  package let residentBytes: Int
  /// Resident now, and belongs to no file: activations, tables, the program's data.
  package let ownBytes: Int

  package static var current: ProcessMemory? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    return ProcessMemory(status: status)
  }

  /// - Parameter status: the text of `/proc/self/status`, with lines like `VmHWM:    12345 kB`.
  package init?(status: String) {
    func bytes(_ name: String) -> Int? {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      let words = line?.split(whereSeparator: \.isWhitespace) ?? []
      guard words.count == 3, words[2] == "kB", let kibibytes = Int(words[1]), kibibytes >= 0 else {
        return nil
      }
      let (bytes, overflows) = kibibytes.multipliedReportingOverflow(by: 1024)
      return overflows ? nil : bytes
    }
    guard let peak = bytes("VmHWM"), let resident = bytes("VmRSS"), let own = bytes("RssAnon") else {
      return nil
    }
    peakBytes = peak
    residentBytes = resident
    ownBytes = own
  }
}

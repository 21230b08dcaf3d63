#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The processor as Linux names it, or nil.
func processorName() -> String? {
  guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
    let line = information.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
    let colon = line.firstIndex(of: ":")
  else { return nil }
  return line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

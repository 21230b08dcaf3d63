import Foundation

/// Small numbers for people.
package enum Figures {
  /// The next power of ten that is not exceeded: `1e-6`; of 0 `1e-16`.
  static func bound(_ difference: Double) -> String {
    let exponent = max(-16, Int(log10(max(difference, 1e-17)).rounded(.down)) + 1)
    return exponent >= 0 ? "1" : "1e\(exponent)"
  }

  /// Two digits: `0.31`, `3.1e-07`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return "none" }
    if value == 0 { return "0" }
    return abs(value) >= 0.001 ? String(format: "%.3f", value) : String(format: "%.1e", value)
  }

  /// With so many digits after the point: `1.250`.
  static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

enum Statistics {
  /// The value at a quarter of the sorted values; 0 of none.
  static func quartile(_ values: [Double]) -> Double { at(values, 0.25) }
  static func median(_ values: [Double]) -> Double { at(values, 0.5) }

  private static func at(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
  }
}

extension Double {
  static func logarithm10(_ value: Double) -> Double { log10(value) }
}

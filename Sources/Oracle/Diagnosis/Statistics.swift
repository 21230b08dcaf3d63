enum Statistics {
  /// The value at a quarter of the sorted values; 0 of none.
  static func quartile(_ values: [Double]) -> Double { at(values, 0.25) }
  static func median(_ values: [Double]) -> Double { at(values, 0.5) }

  private static func at(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
  }
}

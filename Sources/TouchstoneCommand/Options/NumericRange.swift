import ArgumentParser

/// The ranges of numeric options: what is outside is refused before any arithmetic sees it.
enum NumericRange {
  static let threads = 1...1024
  /// Of a text, a batch or a model's context: the largest context that a model file may have.
  static let tokens = 1...1 << 24
  static let dimensions = 1...1 << 20
  /// Results that are shown or kept.
  static let results = 1...1 << 24

  /// - Parameters:
  ///   - name: of the option, without its dashes.
  ///   - value: nil where the option was not given.
  static func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
      "--\(name) must be from \(range.lowerBound) to \(range.upperBound), found \(value).")
  }
}

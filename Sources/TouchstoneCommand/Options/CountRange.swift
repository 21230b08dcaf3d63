import ArgumentParser

/// The ranges of options that count something. What no machine has is refused before anything is multiplied
/// with it.
enum CountRange {
  /// Tokens, texts, results, bytes.
  static let things = 1...1 << 40
  static let threads = 1...1024

  /// - Throws: a sentence about the option `--name` where its value is out of `range`.
  static func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int> = things) throws {
    guard let value, !range.contains(value) else { return }
    let bound =
      value < range.lowerBound
      ? "at least \(range.lowerBound)"
      : "at most " + (range.upperBound == things.upperBound ? "2^40" : "\(range.upperBound)")
    throw ValidationError("--\(name) must be \(bound), found \(value).")
  }
}

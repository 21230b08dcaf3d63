/// How facts are spelled in messages.
package enum Wording {
  /// `1179648` as `1,179,648`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var grouped = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return grouped
  }

  /// `1 byte`, `2 bytes`.
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    grouped(number) + " " + noun + (number == 1 ? "" : "s")
  }

  /// A shape as `[32768, 256]`, outermost dimension first.
  static func shape(_ shape: [some BinaryInteger]) -> String {
    "[" + shape.map { String($0) }.joined(separator: ", ") + "]"
  }

  /// Text from a file between single quotes. It is under nobody's control, so whatever could move the
  /// cursor, reverse the line or hide is escaped, and a long text is cut.
  package static func quoted(_ text: String, limit: Int = 96) -> String {
    return "'" + escaped(text.unicodeScalars.prefix(limit)) + "'"
      + (text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
  }

  /// The same without quotes, for a sentence that somebody else wrote.
  package static func line(_ text: String, limit: Int = 200) -> String {
    escaped(text.unicodeScalars.prefix(limit)) + (text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
  }

  /// A path, escaped but never cut: it was the caller's, and must be recognisable.
  static func path(_ path: String) -> String { escaped(path.unicodeScalars) }

  private static func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var escaped = ""
    for scalar in scalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
        escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

// How text that nobody here controls enters a sentence. A model file, a server's answer or a name may hold
// anything: sequences that steer a terminal, marks that reverse the line, megabytes. Every sentence of every
// error and warning takes such text through these functions, and no other way.

extension StringProtocol {
  /// The text between single quotes: what could move the cursor, reverse the line or hide is escaped, and of
  /// a long text the first 100 characters (Unicode scalars) are kept, with its length behind them.
  package var quoted: String { quoted(limit: 100) }

  /// The same with another limit.
  package func quoted(limit: Int) -> String {
    let scalars = unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return "'" + Self.escape(scalars) + "'" }
    return "'" + Self.escape(scalars[..<end]) + "…' (\(utf8.count) bytes)"
  }

  /// The text, escaped in the same way and never cut: for what the caller named and must recognize, such as a
  /// path.
  package var escaped: String { Self.escape(unicodeScalars) }

  private static func escape(_ scalars: some Sequence<Unicode.Scalar>) -> String {
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

extension Sequence<String> {
  /// The first elements, quoted, and how many there are where some were left out: `'a', 'b' and 7 more`.
  package func quotedList(limit: Int = 4) -> String {
    let all = Array(self)
    let shown = all.prefix(limit).map { $0.quoted }.joined(separator: ", ")
    return all.count > limit ? "\(shown) and \(all.count - limit) more" : shown
  }
}

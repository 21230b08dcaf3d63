/// Text as a terminal shows it: what takes two columns, what takes none, and what must not reach it.
package enum DisplayText {
  /// The columns that `text` takes.
  package static func width(of text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  /// The columns of one character as a reader sees it: a letter with its marks, an emoji with its modifiers.
  package static func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    // A sequence that ends in color (variation selector 16, flags, skin tones) takes two columns as a whole.
    if scalars.contains(where: { $0 == "\u{FE0F}" || ($0.properties.isEmojiPresentation) }) { return 2 }
    return scalars.reduce(0) { $0 + DisplayWidth.columns(of: $1) }
  }

  /// `text` cut to `width` columns; `…` marks the cut.
  package static func cut(_ text: String, to width: Int) -> String {
    guard self.width(of: text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let columns = self.width(of: character)
      if used + columns > width - 1 { break }
      result.append(character)
      used += columns
    }
    return result + "…"
  }

  /// `text` cut or filled up with spaces to exactly `width` columns.
  package static func padded(_ text: String, to width: Int) -> String {
    let text = cut(text, to: width)
    return text + String(repeating: " ", count: max(0, width - self.width(of: text)))
  }

  /// `text` with spaces in front, up to `width` columns; never cut.
  package static func rightAligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - self.width(of: text))) + text
  }

  /// `text` with every control character but line ends and tabs escaped, `\u{1b}`, and the marks that turn
  /// the direction of a line: whatever a file or a server says, it does not steer the terminal.
  package static func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x09, 0x20..<0x7F: result.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// `text` on one line, with control characters as visible symbols: a text must not steer the terminal.
  package static func oneLine(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: result.append("⏎")
      case 0x09: result.append(" ")
      case 0..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value)!)
      case 0x7F: result.append("␡")
      // C1 controls, line and paragraph separators, and the marks that turn the direction of the line.
      case 0x80..<0xA0, 0x2028...0x202E, 0x2066...0x2069: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

/// Lines of bytes.
package enum Lines {
  /// The lines of a range, each without its line break (`\n`, `\r\n`).
  package static func ranges(_ text: [UInt8], in range: Range<Int>) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where text[index] == 0x0A {
      let end = index > start && text[index - 1] == 0x0D ? index - 1 : index
      lines.append(start..<end)
      start = index + 1
    }
    if start < range.upperBound { lines.append(start..<range.upperBound) }
    return lines
  }

  package static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy(isSpace) }

  package static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The end of `range` without white space.
  package static func trimmedEnd(_ text: [UInt8], _ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound, isSpace(text[end - 1]) { end -= 1 }
    return end
  }

  package static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, isSpace(text[start]) { start += 1 }
    return start..<trimmedEnd(text, start..<range.upperBound)
  }
}

extension String {
  /// White space, line breaks among it, becomes single spaces; none is left at the ends.
  package var collapsingWhiteSpace: String {
    var result = String.UnicodeScalarView()
    var isPending = false
    for scalar in unicodeScalars {
      if scalar.properties.isWhitespace || scalar == "\u{0}" {
        isPending = !result.isEmpty
      } else {
        if isPending { result.append(" ") }
        isPending = false
        result.append(scalar)
      }
    }
    return String(result)
  }
}

extension StringProtocol {
  package func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    let start = drop(while: isTrimmed)
    return String(start).trimmingEnd(isTrimmed)
  }

  package func trimmingEnd(_ isTrimmed: (Character) -> Bool) -> String {
    var end = endIndex
    while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
    return String(self[..<end])
  }
}

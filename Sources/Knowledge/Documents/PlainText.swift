/// Text without marks: paragraphs are divided by blank lines.
enum PlainText {
  static func document(_ text: [UInt8], format: DocumentFormat) -> ExtractedDocument {
    var document = ExtractedDocument(text: text, format: format)
    let kind: ExtractedDocument.Block.Kind = format == .code ? .code : .paragraph
    var start: Int?
    for line in Lines.ranges(text, in: 0..<text.count) {
      if Lines.isBlank(text[line]) {
        if let begun = start {
          document.blocks.append(.init(kind, begun..<Lines.trimmedEnd(text, begun..<line.lowerBound)))
        }
        start = nil
      } else if start == nil {
        start = line.lowerBound
      }
    }
    if let begun = start {
      document.blocks.append(.init(kind, begun..<Lines.trimmedEnd(text, begun..<text.count)))
    }
    return document
  }
}

/// Lines of bytes.
enum Lines {
  /// The lines of a range, each without its line break (`\n`, `\r\n`).
  static func ranges(_ text: [UInt8], in range: Range<Int>) -> [Range<Int>] {
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

  static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy(isSpace) }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The end of `range` without white space.
  static func trimmedEnd(_ text: [UInt8], _ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound, isSpace(text[end - 1]) { end -= 1 }
    return end
  }

  static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, isSpace(text[start]) { start += 1 }
    return start..<trimmedEnd(text, start..<range.upperBound)
  }
}

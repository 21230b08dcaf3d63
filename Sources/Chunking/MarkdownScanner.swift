/// Finds the blocks of Markdown: front matter, headings, fences, tables, list items, paragraphs. The text
/// stays as it is.
package enum MarkdownScanner {
  package static func document(_ text: [UInt8]) -> ExtractedDocument {
    var scan = Scan(text)
    scan.run()
    var document = ExtractedDocument(text: text, title: scan.title, format: .markdown)
    document.blocks = scan.blocks
    return document
  }

  private struct Scan {
    let text: [UInt8]
    let lines: [Range<Int>]
    var blocks: [ExtractedDocument.Block] = []
    var title: String?
    /// The first and last line of the paragraph, list item or code at hand.
    var open: (kind: ExtractedDocument.Block.Kind, first: Int, last: Int)?
    var index = 0

    init(_ text: [UInt8]) {
      self.text = text
      lines = Lines.ranges(text, in: 0..<text.count)
    }

    mutating func run() {
      frontMatter()
      while index < lines.count {
        let line = text[lines[index]]
        if Lines.isBlank(line) {
          close()
          index += 1
        } else if let fence = Self.fence(line) {
          close()
          takeFence(fence)
        } else if let (level, title) = heading(lines[index]) {
          close()
          blocks.append(.init(.heading(level: level, title: title), lines[index]))
          index += 1
        } else if let level = underline(line), let begun = open, begun.kind == .paragraph {
          let range = lines[begun.first].lowerBound..<lines[index].upperBound
          let words =
            String(
              decoding: text[lines[begun.first].lowerBound..<lines[begun.last].upperBound], as: UTF8.self
            )
            .collapsingWhiteSpace
          blocks.append(.init(.heading(level: level, title: words), range))
          open = nil
          index += 1
        } else if isTable(index) {
          close()
          takeTable()
        } else if Self.isListItem(line) {
          close()
          open = (.listItem, index, index)
          index += 1
        } else if open == nil, Self.indentation(line) >= 4 {
          open = (.code, index, index)
          index += 1
        } else {
          if open == nil { open = (.paragraph, index, index) }
          open!.last = index
          index += 1
        }
      }
      close()
    }

    private mutating func close() {
      guard let begun = open else { return }
      blocks.append(.init(begun.kind, lines[begun.first].lowerBound..<lines[begun.last].upperBound))
      open = nil
    }

    private mutating func frontMatter() {
      guard let first = lines.first, text[first].elementsEqual("---".utf8),
        let end = lines.indices.dropFirst().first(where: {
          text[lines[$0]].elementsEqual("---".utf8) || text[lines[$0]].elementsEqual("...".utf8)
        })
      else { return }
      for line in lines[1..<end] {
        let words = String(decoding: text[line], as: UTF8.self)
        guard words.lowercased().hasPrefix("title:") else { continue }
        title = words.dropFirst(6).trimming { $0.isWhitespace || $0 == "\"" || $0 == "'" }
      }
      index = end + 1
    }

    private mutating func takeFence(_ fence: (mark: UInt8, count: Int)) {
      let first = index
      index += 1
      while index < lines.count {
        let line = text[lines[index]]
        index += 1
        if let end = Self.fence(line), end.mark == fence.mark, end.count >= fence.count,
          line.allSatisfy({ $0 == fence.mark || Lines.isSpace($0) })
        {
          break
        }
      }
      blocks.append(.init(.code, lines[first].lowerBound..<lines[index - 1].upperBound))
    }

    private func isTable(_ index: Int) -> Bool {
      guard index + 1 < lines.count, text[lines[index]].contains(UInt8(ascii: "|")) else { return false }
      let rule = text[lines[index + 1]]
      return rule.contains(UInt8(ascii: "-")) && rule.contains(UInt8(ascii: "|"))
        && rule.allSatisfy { Lines.isSpace($0) || "|-:".utf8.contains($0) }
    }

    private mutating func takeTable() {
      let first = index
      index += 2
      while index < lines.count, text[lines[index]].contains(UInt8(ascii: "|")) { index += 1 }
      let start = lines[first].lowerBound
      let header = index > first + 2 ? lines[first + 2].lowerBound - start : 0
      blocks.append(.init(.table(header: header), start..<lines[index - 1].upperBound))
    }

    private func heading(_ line: Range<Int>) -> (Int, String)? {
      let bytes = text[line]
      guard Self.indentation(bytes) < 4 else { return nil }
      let rest = bytes.drop { $0 == 0x20 }
      let level = rest.prefix { $0 == UInt8(ascii: "#") }.count
      guard (1...6).contains(level) else { return nil }
      let body = rest.dropFirst(level)
      guard body.isEmpty || body.first == 0x20 || body.first == 0x09 else { return nil }
      let words = String(decoding: body, as: UTF8.self).trimming(\.isWhitespace)
      let closed = words.trimmingEnd { $0 == "#" }
      let title = closed.isEmpty || closed.last == " " ? closed.trimming(\.isWhitespace) : words
      return title.isEmpty ? nil : (level, title)
    }

    private func underline(_ line: ArraySlice<UInt8>) -> Int? {
      guard Self.indentation(line) < 4 else { return nil }
      let marks = line.filter { !Lines.isSpace($0) }
      guard marks.count >= 2 || marks.first == UInt8(ascii: "="), let first = marks.first,
        marks.allSatisfy({ $0 == first }), line.reversed().drop(while: Lines.isSpace).count >= marks.count
      else { return nil }
      return first == UInt8(ascii: "=") ? 1 : first == UInt8(ascii: "-") ? 2 : nil
    }

    static func indentation(_ line: ArraySlice<UInt8>) -> Int {
      line.prefix { $0 == 0x20 || $0 == 0x09 }.reduce(0) { $0 + ($1 == 0x09 ? 4 : 1) }
    }

    static func fence(_ line: ArraySlice<UInt8>) -> (mark: UInt8, count: Int)? {
      guard indentation(line) < 4 else { return nil }
      let rest = line.drop { $0 == 0x20 }
      guard let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
      let count = rest.prefix { $0 == mark }.count
      // `code` on a line of its own is no fence.
      guard count >= 3, mark != UInt8(ascii: "`") || !rest.dropFirst(count).contains(mark) else { return nil }
      return (mark, count)
    }

    static func isListItem(_ line: ArraySlice<UInt8>) -> Bool {
      let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
      guard let first = rest.first else { return false }
      var after = rest.dropFirst()
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
        after = after.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard after.first == UInt8(ascii: ".") || after.first == UInt8(ascii: ")") else { return false }
        after = after.dropFirst()
      } else if !"-*+".utf8.contains(first) {
        return false
      }
      return after.first == 0x20 || after.first == 0x09
    }
  }
}

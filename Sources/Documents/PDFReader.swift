import Chunking
import ForeignText

/// Reads PDF through poppler's `pdftotext` (words and pages) and `pdftohtml` (the outline), in a process of
/// their own. Running heads, dot leaders and hyphenation are undone.
package struct PDFReader {
  let limits: DocumentLimits

  func document(path: String) throws(DocumentError) -> ExtractedDocument {
    let text = try run("pdftotext", ["-q", "-enc", "UTF-8", "-eol", "unix", ForeignProgram.input, "-"], path)
    // The outline is a help; without it the document has pages and no headings.
    let outline = try? run("pdftohtml", ["-q", "-xml", "-i", "-stdout", ForeignProgram.input], path)
    return try Self.document(text: text, outline: outline.map(Self.outline) ?? [], limits: limits)
  }

  private func run(_ name: String, _ arguments: [String], _ path: String) throws(DocumentError) -> [UInt8] {
    let program = ForeignProgram(name: name, package: "poppler-utils", limits: limits)
    let result = try program.run(arguments, file: path)
    guard result.status == 0 else {
      if result.complaints.contains("assword") { throw .encrypted }
      // pdftotext: 1 the file cannot be opened, 3 its permissions forbid it.
      if result.status == 3 { throw .encrypted }
      throw .program(
        name: name,
        reason: result.status == 1
          ? "finds no sound PDF in it"
          : result.status > 128
            ? "was ended by signal \(result.status - 128), perhaps at its limit of time or memory"
            : "failed with status \(result.status)")
    }
    return result.output
  }

  package struct OutlineItem: Equatable {
    package var level: Int
    package var title: String
    package var page: Int
  }

  /// The outline at the end of pdftohtml's XML.
  package static func outline(_ xml: [UInt8]) -> [OutlineItem] {
    guard let start = xml.firstIndex(of: "<outline>") else { return [] }
    var scanner = MarkupScanner(html: Array(xml[start...]))
    var items: [OutlineItem] = []
    var level = 0
    var item: OutlineItem?
    while let token = try? scanner.next() {
      switch token {
      case .start("outline", _): level += 1
      case .end("outline"): level -= 1
      case .start("item", let attributes):
        item = OutlineItem(
          level: max(level, 1), title: "", page: attributes["page"].flatMap { Int($0.text) } ?? 0)
      case .text(let words): item?.title += words
      case .end("item"):
        if let item, item.page > 0 { items.append(item) }
        item = nil
      default: break
      }
      if items.count >= 50_000 { break }
    }
    return items
  }

  /// - Parameter text: pages end with form feeds.
  package static func document(
    text: [UInt8], outline: [OutlineItem], limits: DocumentLimits
  ) throws(DocumentError) -> ExtractedDocument {
    var pages = text.split(separator: 0x0C, omittingEmptySubsequences: false).map { page in
      page.split(separator: 0x0A, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self).collapsingWhiteSpace
      }
    }
    if pages.last?.allSatisfy(\.isEmpty) == true { pages.removeLast() }
    let empty = pages.indices.filter { pages[$0].allSatisfy(\.isEmpty) }.map { $0 + 1 }
    guard empty.count < pages.count else { throw .noText(pages: max(pages.count, 1)) }
    RunningHeads.remove(from: &pages)

    var builder = DocumentBuilder(limits: limits)
    let items = Dictionary(grouping: outline, by: \.page)
    for (index, lines) in pages.enumerated() {
      builder.page(index + 1)
      var page = PageLines(lines)
      page.place(items[index + 1] ?? [])
      try page.write(to: &builder)
    }
    var document = builder.document(title: nil, format: .pdf)
    if !empty.isEmpty {
      let numbers = empty.prefix(10).map(String.init).joined(separator: ", ") + (empty.count > 10 ? " …" : "")
      document.warnings.append(
        "\(empty.count) of \(pages.count) pages have no text, probably scanned: \(numbers)")
    }
    return document
  }

  /// Lines at the top or the foot that recur on many pages, but for their numbers.
  private enum RunningHeads {
    static func remove(from pages: inout [[String]]) {
      guard pages.count >= 3 else { return }
      var counts: [ByteString: Int] = [:]
      for page in pages {
        for key in Set(edges(of: page).map { key(page[$0]) }) { counts[key, default: 0] += 1 }
      }
      let needed = max(3, pages.count * 2 / 5)
      for index in pages.indices {
        for line in edges(of: pages[index]) where counts[key(pages[index][line])]! >= needed {
          pages[index][line] = ""
        }
      }
    }

    /// The first two and the last two lines with words.
    private static func edges(of page: [String]) -> [Int] {
      let filled = page.indices.filter { !page[$0].isEmpty }
      return filled.count < 5 ? [] : Array(filled.prefix(2) + filled.suffix(2))
    }

    private static func key(_ line: String) -> ByteString {
      var key = String.UnicodeScalarView()
      for scalar in line.unicodeScalars {
        if scalar.properties.numericType == nil {
          key.append(scalar)
        } else if key.last != "#" {
          key.append("#")
        }
      }
      return ByteString(String(key))
    }
  }

  /// The lines of a page, and the headings among them.
  private struct PageLines {
    private var lines: [String]
    private var headings: [Int: OutlineItem] = [:]
    private var first: [OutlineItem] = []
    private var next = 0

    init(_ lines: [String]) { self.lines = lines.map { Self.isDotLeader($0) ? "" : $0 } }

    /// Finds the lines of the headings of this page, in their order. One without a line, of the first ones,
    /// stands at the top of the page.
    mutating func place(_ items: [OutlineItem]) {
      guard !items.isEmpty else { return }
      let keys = lines.map(Self.key)
      // More are no outline, and each looks at every line.
      for item in items.prefix(1_000) {
        let title = Self.key(item.title)
        let found =
          title.isEmpty ? nil : keys.indices.dropFirst(next).first { Self.isLine(keys[$0], of: title) }
        if let found {
          headings[found] = item
          next = found + 1
        } else if headings.isEmpty {
          first.append(item)
        }
      }
    }

    /// The whole title, with a number before it, or its first part, where it takes more than one line.
    private static func isLine(_ line: [Unicode.Scalar], of title: [Unicode.Scalar]) -> Bool {
      guard !line.isEmpty else { return false }
      if line.count >= title.count {
        return line.count <= title.count + 12 && line.suffix(title.count).elementsEqual(title)
      }
      return line.count >= 8 && line.count * 2 > title.count && title.starts(with: line)
    }

    func write(to builder: inout DocumentBuilder) throws(DocumentError) {
      for item in first { try builder.heading(item.level, item.title) }
      var words = ""
      var isItem = false
      func flush() throws(DocumentError) {
        if isItem { try builder.listItem(words) } else { try builder.paragraph(words) }
        (words, isItem) = ("", false)
      }
      for (index, line) in lines.enumerated() {
        if let item = headings[index] {
          try flush()
          try builder.heading(item.level, item.title)
        } else if line.isEmpty {
          // A bullet may stand on a line of its own.
          if !(isItem && words.isEmpty) { try flush() }
        } else if let item = Self.listItem(line) {
          try flush()
          (words, isItem) = (item, true)
        } else {
          Self.join(line, to: &words)
        }
      }
      try flush()
    }

    /// Letters and numbers, in lower case.
    private static func key(_ text: String) -> [Unicode.Scalar] {
      text.lowercased().unicodeScalars.filter {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
    }

    // Scalars, not characters: a run of marks would be sorted whenever it is compared.

    /// The words behind a bullet; nil where the line begins with none.
    private static func listItem(_ line: String) -> String? {
      let scalars = line.unicodeScalars
      guard let bullet = scalars.first, bullets.contains(bullet) else { return nil }
      let rest = scalars.dropFirst()
      guard rest.isEmpty || rest.first == " " else { return nil }
      return String(rest).collapsingWhiteSpace
    }

    private static let bullets: Set<Unicode.Scalar> = ["•", "◦", "▪", "‣", "●", "○", "■", "–"]

    /// `Introduction . . . . . . 7`, a line of a table of contents.
    private static func isDotLeader(_ line: String) -> Bool {
      let number = line.unicodeScalars.reversed().prefix { $0.properties.numericType != nil || $0 == " " }
      var dots = 0
      for scalar in line.unicodeScalars.reversed().dropFirst(number.count) {
        if scalar == "." || scalar == "·" || scalar == "…" {
          dots += 1
        } else if scalar != " " {
          break
        }
      }
      return dots >= 4
    }

    /// Appends a line: a hyphen at the end of the one before goes, and between dense scripts no space comes.
    private static func join(_ line: String, to words: inout String) {
      // No view of the words is kept: it would have each line copy them.
      guard let first = line.unicodeScalars.first, let end = words.unicodeScalars.last else {
        words += line
        return
      }
      // The letter below up to three marks.
      let last = words.unicodeScalars.suffix(4).last { !$0.properties.isGraphemeExtend } ?? end
      let isHyphen = end == "-" || end == "\u{AD}" || end == "\u{2010}"
      if isHyphen, first.properties.isLowercase,
        words.unicodeScalars.dropLast().last?.properties.isLowercase == true
      {
        words.unicodeScalars.removeLast()
      } else if !(Scripts.isDense(last) && Scripts.isDense(first)) {
        words += " "
      }
      words += line
    }
  }
}

extension [UInt8] {
  /// Where `text` begins for the first time.
  func firstIndex(of text: StaticString) -> Int? {
    let pattern = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard count >= pattern.count else { return nil }
    return (0...count - pattern.count).first { self[$0] == pattern[0] && self[$0...].starts(with: pattern) }
  }
}

import Chunking

/// Reads PDF through poppler's `pdftotext` (words and pages) and `pdftohtml` (the outline), in a process of
/// their own. Running heads, dot leaders and hyphenation are undone.
struct PDFReader {
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

  struct OutlineItem: Equatable {
    var level: Int
    var title: String
    var page: Int
  }

  /// The outline at the end of pdftohtml's XML.
  static func outline(_ xml: [UInt8]) -> [OutlineItem] {
    let mark = Array("<outline>".utf8)
    var start: Int?
    var index = 0
    while index + mark.count <= xml.count {
      if xml[index] == mark[0], xml[index..<index + mark.count].elementsEqual(mark) {
        start = index
        break
      }
      index += 1
    }
    guard let start else { return [] }
    var scanner = MarkupScanner(html: Array(xml[start...]))
    var items: [OutlineItem] = []
    var level = 0
    var item: OutlineItem?
    while let token = try? scanner.next() {
      switch token {
      case .start("outline", _): level += 1
      case .end("outline"): level -= 1
      case .start("item", let attributes):
        item = OutlineItem(level: max(level, 1), title: "", page: attributes["page"].flatMap { Int($0) } ?? 0)
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
  static func document(
    text: [UInt8], outline: [OutlineItem], limits: DocumentLimits
  ) throws(DocumentError) -> ExtractedDocument {
    var pages = text.split(separator: 0x0C, omittingEmptySubsequences: false).map { page in
      String(decoding: page, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map {
        String($0).collapsingWhiteSpace
      }
    }
    if pages.last?.allSatisfy(\.isEmpty) == true { pages.removeLast() }
    let empty = pages.indices.filter { pages[$0].allSatisfy(\.isEmpty) }.map { $0 + 1 }
    guard empty.count < pages.count else { throw .noText(pages: max(pages.count, 1)) }
    RunningHeads.remove(from: &pages)

    var builder = DocumentBuilder(limits: limits)
    for (index, lines) in pages.enumerated() {
      builder.page(index + 1)
      var page = PageLines(lines)
      for item in outline where item.page == index + 1 { page.place(item) }
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
      var counts: [String: Int] = [:]
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

    private static func key(_ line: String) -> String {
      var key = ""
      for character in line {
        if !character.isNumber { key.append(character) } else if key.last != "#" { key.append("#") }
      }
      return key
    }
  }

  /// The lines of a page, and the headings among them.
  private struct PageLines {
    private var lines: [String]
    private var headings: [Int: OutlineItem] = [:]
    private var first: [OutlineItem] = []
    private var next = 0

    init(_ lines: [String]) { self.lines = lines.map { Self.isDotLeader($0) ? "" : $0 } }

    /// Finds the line of a heading; without one it stands at the top of the page.
    mutating func place(_ item: OutlineItem) {
      let title = Self.key(item.title)
      let found = lines.indices.dropFirst(next).first { index in
        let line = Self.key(lines[index])
        guard !line.isEmpty, !title.isEmpty else { return false }
        return line == title || (line.hasSuffix(title) && line.count <= title.count + 12)
          || (line.count >= 8 && line.count * 2 > title.count && title.hasPrefix(line))
      }
      if let found {
        headings[found] = item
        next = found + 1
      } else if headings.isEmpty {
        first.append(item)
      }
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
        } else if let bullet = line.first, "•◦▪‣●○■–".contains(bullet),
          line.count == 1 || line.dropFirst().first == " "
        {
          try flush()
          isItem = true
          words = line.dropFirst().trimming(\.isWhitespace)
        } else {
          words = Self.joined(words, line)
        }
      }
      try flush()
    }

    private static func key(_ text: String) -> String {
      String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// `Introduction . . . . . . 7`, a line of a table of contents.
    private static func isDotLeader(_ line: String) -> Bool {
      let rest = line.trimmingEnd { $0.isNumber || $0 == " " }
      var dots = 0
      for character in rest.reversed() {
        if character == "." || character == "·" || character == "…" {
          dots += 1
        } else if character != " " {
          break
        }
      }
      return dots >= 4
    }

    private static func joined(_ words: String, _ line: String) -> String {
      guard let last = words.last, let first = line.first else { return words + line }
      if "-\u{AD}\u{2010}".contains(last), first.isLowercase, words.dropLast().last?.isLowercase == true {
        return words.dropLast() + line
      }
      let isDense = Scripts.isDense(last) && Scripts.isDense(first)
      return words + (isDense ? "" : " ") + line
    }
  }
}

/// The text of a document with the places of its parts.
///
/// All offsets count the UTF-8 bytes of ``text``. For plain text and Markdown that is the file itself
/// (without a byte order mark); for other formats it is Markdown made of the document.
package struct ExtractedDocument: Sendable, Equatable {
  package var text: [UInt8]
  package var title: String?
  package var format: DocumentFormat
  /// In the order of the text; they do not overlap.
  package var blocks: [Block] = []
  /// In the order of the text. Empty where the format has no pages.
  package var pages: [Page] = []
  /// Sentences about parts of the document that are missing: scanned pages, for example.
  package var warnings: [String] = []

  package struct Block: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// A heading of level 1 to 6 and its text.
      case heading(level: Int, title: String)
      case paragraph
      case listItem
      /// Rows are lines. The first `header` bytes are the header row and its rule, repeated in front of later
      /// pieces.
      case table(header: Int)
      /// Source code, or a fence with its marks: cut between lines.
      case code
    }

    package var kind: Kind
    package var bytes: Range<Int>

    package init(_ kind: Kind, _ bytes: Range<Int>) {
      self.kind = kind
      self.bytes = bytes
    }
  }

  /// A page, a slide or a sheet.
  package struct Page: Sendable, Equatable {
    /// From 1.
    package var number: Int
    package var bytes: Range<Int>

    package init(number: Int, bytes: Range<Int>) {
      self.number = number
      self.bytes = bytes
    }
  }

  package init(text: [UInt8], title: String? = nil, format: DocumentFormat) {
    self.text = text
    self.title = title
    self.format = format
  }

  package func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}

/// Gathers Markdown and its places while a document is read.
struct DocumentBuilder {
  private(set) var text: [UInt8] = []
  private(set) var blocks: [ExtractedDocument.Block] = []
  private var pages: [(number: Int, start: Int)] = []
  private let byteLimit: Int

  init(limits: DocumentLimits) { byteLimit = limits.textBytes }

  mutating func add(_ kind: ExtractedDocument.Block.Kind, _ content: String) throws(DocumentError) {
    let bytes = Array(content.utf8)
    guard !bytes.isEmpty else { return }
    guard text.count + bytes.count + 2 <= byteLimit else { throw .tooLarge(limit: byteLimit) }
    if let last = blocks.last?.kind {
      text.append(0x0A)
      if !(last == .listItem && kind == .listItem) { text.append(0x0A) }
    }
    if case .heading(let level, _) = kind {
      text += Array(repeating: UInt8(ascii: "#"), count: level) + [0x20]
    }
    let start = text.count
    text += bytes
    var range = start..<text.count
    if case .heading(let level, _) = kind { range = start - level - 1..<text.count }
    blocks.append(.init(kind, range))
  }

  mutating func heading(_ level: Int, _ title: String) throws(DocumentError) {
    let title = Self.collapsed(title)
    if !title.isEmpty { try add(.heading(level: min(max(level, 1), 6), title: title), title) }
  }

  mutating func paragraph(_ content: String) throws(DocumentError) {
    try add(.paragraph, Self.collapsed(content))
  }

  mutating func listItem(_ content: String, depth: Int = 1, marker: String = "-") throws(DocumentError) {
    let content = Self.collapsed(content)
    guard !content.isEmpty else { return }
    try add(.listItem, String(repeating: "  ", count: max(0, min(depth, 8) - 1)) + marker + " " + content)
  }

  mutating func code(_ content: String) throws(DocumentError) {
    let lines = content.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.isEmpty }
    guard lines.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else { return }
    try add(.code, "```\n" + lines.joined(separator: "\n") + "\n```")
  }

  /// The first row is the header.
  mutating func table(_ rows: [[String]]) throws(DocumentError) {
    let rows = rows.filter { $0.contains { !$0.isEmpty } }
    guard let width = rows.map(\.count).max(), width > 0 else { return }
    // A table of one column lays a page out.
    if width == 1 {
      for row in rows { try paragraph(row[0]) }
      return
    }
    func line(_ row: [String]) -> String {
      let cells = row + Array(repeating: "", count: width - row.count)
      return "| "
        + cells.map { Self.collapsed($0).replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let header = line(rows[0]) + "|" + String(repeating: " --- |", count: width) + "\n"
    var content = header
    for row in rows.dropFirst() { content += line(row) }
    content.removeLast()
    try add(.table(header: rows.count > 1 ? header.utf8.count : 0), content)
  }

  mutating func page(_ number: Int) { pages.append((number, text.count)) }

  var isEmpty: Bool { blocks.isEmpty }

  func document(title: String?, format: DocumentFormat) -> ExtractedDocument {
    var document = ExtractedDocument(text: text, title: title.map(Self.collapsed), format: format)
    if document.title?.isEmpty == true { document.title = nil }
    document.blocks = blocks
    for (index, page) in pages.enumerated() {
      let end = index + 1 < pages.count ? pages[index + 1].start : text.count
      document.pages.append(.init(number: page.number, bytes: page.start..<end))
    }
    return document
  }

  /// White space, line breaks among it, becomes single spaces.
  static func collapsed(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isPending = false
    for scalar in text.unicodeScalars {
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

import Chunking

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
    let title = title.collapsingWhiteSpace
    if !title.isEmpty { try add(.heading(level: min(max(level, 1), 6), title: title), title) }
  }

  mutating func paragraph(_ content: String) throws(DocumentError) {
    try add(.paragraph, content.collapsingWhiteSpace)
  }

  mutating func listItem(_ content: String, depth: Int = 1, marker: String = "-") throws(DocumentError) {
    let content = content.collapsingWhiteSpace
    guard !content.isEmpty else { return }
    try add(.listItem, String(repeating: "  ", count: max(0, min(depth, 8) - 1)) + marker + " " + content)
  }

  mutating func code(_ content: String) throws(DocumentError) {
    guard content.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return }
    let lines = content.utf8.drop { $0 == 0x0A }
    try add(.code, "```\n" + String(decoding: lines, as: UTF8.self) + "\n```")
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
    // A cell takes three bytes or more: one wide row makes all of them wide.
    guard rows.count <= (byteLimit - text.count) / 3 / width else { throw .tooLarge(limit: byteLimit) }
    func line(_ row: [String]) -> String {
      let cells = row + Array(repeating: "", count: width - row.count)
      return "| " + cells.map(Self.cell).joined(separator: " | ") + " |\n"
    }
    let header = line(rows[0]) + "|" + String(repeating: " --- |", count: width) + "\n"
    var content = header
    for row in rows.dropFirst() { content += line(row) }
    content.removeLast()
    try add(.table(header: rows.count > 1 ? header.utf8.count : 0), content)
  }

  /// On one line, with its bars escaped.
  private static func cell(_ content: String) -> String {
    let content = content.collapsingWhiteSpace
    guard content.utf8.contains(UInt8(ascii: "|")) else { return content }
    let escaped = content.utf8.flatMap { $0 == UInt8(ascii: "|") ? [UInt8(ascii: "\\"), $0] : [$0] }
    return String(decoding: escaped, as: UTF8.self)
  }

  mutating func page(_ number: Int) { pages.append((number, text.count)) }

  var isEmpty: Bool { blocks.isEmpty }

  func document(title: String?, format: DocumentFormat) -> ExtractedDocument {
    var document = ExtractedDocument(text: text, title: title.map(\.collapsingWhiteSpace), format: format)
    if document.title?.isEmpty == true { document.title = nil }
    document.blocks = blocks
    for (index, page) in pages.enumerated() {
      let end = index + 1 < pages.count ? pages[index + 1].start : text.count
      document.pages.append(.init(number: page.number, bytes: page.start..<end))
    }
    return document
  }
}

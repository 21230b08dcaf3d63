import Chunking
import ForeignText

/// Reads PPTX: a slide is a page, its title a heading.
struct SlidesReader {
  let archive: ZIPArchive
  let limits: DocumentLimits

  func document() throws(DocumentError) -> ExtractedDocument {
    let main = "ppt/presentation.xml"
    let targets = try OfficeProperties.relations(of: main, in: archive, limits: limits)
    var scanner = MarkupScanner(xml: try archive.member(main), part: main, limits: limits)
    var slides: [String] = []
    while let token = try scanner.next() {
      if case .start("sldId", let attributes) = token,
        let target = attributes["r:id"].flatMap({ targets[$0] })
      {
        slides.append(target)
      }
    }
    var builder = DocumentBuilder(limits: limits)
    for (index, slide) in slides.enumerated() where archive.contains(slide) {
      builder.page(index + 1)
      try read(slide, into: &builder)
    }
    return builder.document(title: try OfficeProperties.title(in: archive, limits: limits), format: .pptx)
  }

  private func read(_ part: String, into builder: inout DocumentBuilder) throws(DocumentError) {
    var scanner = MarkupScanner(xml: try archive.member(part), part: part, limits: limits)
    var (words, isText, isTitle, depth) = ("", false, false, 1)
    var title: [String] = []
    var rows: [[String]]?
    var cell: [String] = []
    while let token = try scanner.next() {
      switch token {
      case .start("sp", _): isTitle = false
      case .start("ph", let attributes): isTitle = ["title", "ctrTitle"].contains(attributes["type"])
      case .end("sp"):
        if !title.isEmpty { try builder.heading(2, title.joined(separator: " ")) }
        title = []
      case .start("tbl", _): rows = []
      case .start("tr", _): rows?.append([])
      case .start("tc", _): cell = []
      case .end("tc"):
        if let count = rows?.count, count > 0 { rows![count - 1].append(cell.joined(separator: " ")) }
        cell = []
      case .end("tbl"):
        if let table = rows { try builder.table(table) }
        rows = nil
      case .start("p", _): (words, depth) = ("", 1)
      case .start("pPr", let attributes): depth = (attributes["lvl"].flatMap(\.outlineLevel) ?? 0) + 1
      case .start("t", _): isText = true
      case .end("t"): isText = false
      case .start("br", _): words += " "
      case .text(let text): if isText { words += text }
      case .end("p"):
        if rows != nil {
          cell.append(words.collapsingWhiteSpace)
        } else if isTitle {
          title.append(words.collapsingWhiteSpace)
        } else {
          try builder.listItem(words, depth: depth)
        }
        words = ""
      default: break
      }
    }
  }
}

/// Reads XLSX: a sheet is a page and a section, its rows a table. Formulas have the values that were computed
/// last.
struct SheetsReader {
  let archive: ZIPArchive
  let limits: DocumentLimits

  func document() throws(DocumentError) -> ExtractedDocument {
    let main = "xl/workbook.xml"
    let targets = try OfficeProperties.relations(of: main, in: archive, limits: limits)
    var scanner = MarkupScanner(xml: try archive.member(main), part: main, limits: limits)
    var sheets: [(name: String, part: String)] = []
    while let token = try scanner.next() {
      if case .start("sheet", let attributes) = token,
        let target = attributes["r:id"].flatMap({ targets[$0] })
      {
        sheets.append((attributes["name"]?.text ?? "", target))
      }
    }
    let strings = archive.contains("xl/sharedStrings.xml") ? try sharedStrings() : []
    var builder = DocumentBuilder(limits: limits)
    for (index, sheet) in sheets.enumerated() where archive.contains(sheet.part) {
      let rows = try read(sheet.part, strings)
      guard rows.contains(where: { !$0.isEmpty }) else { continue }
      builder.page(index + 1)
      try builder.heading(1, sheet.name)
      try builder.table(rows)
    }
    return builder.document(title: try OfficeProperties.title(in: archive, limits: limits), format: .xlsx)
  }

  private func sharedStrings() throws(DocumentError) -> [String] {
    let part = "xl/sharedStrings.xml"
    var scanner = MarkupScanner(xml: try archive.member(part), part: part, limits: limits)
    var strings: [String] = []
    var (words, isText, phonetic) = ("", false, 0)
    while let token = try scanner.next() {
      switch token {
      case .start("si", _): words = ""
      case .end("si"): strings.append(words)
      // Readings above Japanese words are no words of the cell.
      case .start("rPh", _): phonetic += 1
      case .end("rPh"): phonetic -= 1
      case .start("t", _): isText = phonetic == 0
      case .end("t"): isText = false
      case .text(let text): if isText { words += text }
      default: break
      }
    }
    return strings
  }

  private func read(_ part: String, _ strings: [String]) throws(DocumentError) -> [[String]] {
    var scanner = MarkupScanner(xml: try archive.member(part), part: part, limits: limits)
    var rows: [[String]] = []
    var (type, words, isValue): (ByteString, String, Bool) = ("n", "", false)
    var column = 0
    var cellCount = 0
    while let token = try scanner.next() {
      switch token {
      case .start("row", _):
        rows.append([])
        column = 0
      case .start("c", let attributes):
        (type, words) = (attributes["t"] ?? "n", "")
        if let place = attributes["r"].flatMap(Self.column) { column = place }
      case .start("v", _), .start("t", _): isValue = true
      case .end("v"), .end("t"): isValue = false
      case .text(let text): if isValue { words += text }
      case .end("c"):
        if type == "s" {
          words = Int(words).flatMap { strings.indices.contains($0) ? strings[$0] : nil } ?? ""
        }
        if type == "b" { words = words.hasBytes(of: "1") ? "TRUE" : "FALSE" }
        guard !words.isEmpty, !rows.isEmpty, column < 1_000 else {
          column += 1
          break
        }
        let last = rows.count - 1
        cellCount += column + 1 - rows[last].count
        guard cellCount < 4_000_000 else {
          throw .markup(part: part, reason: "it has more than 4,000,000 cells")
        }
        while rows[last].count < column { rows[last].append("") }
        if rows[last].count == column { rows[last].append(words) }
        column += 1
      default: break
      }
    }
    return rows
  }

  /// 0 for `A7`, 26 for `AA7`.
  private static func column(_ place: ByteString) -> Int? {
    var value = 0
    for byte in place.text.utf8.prefix(3) where (65...90).contains(byte) {
      value = value * 26 + Int(byte) - 64
    }
    return value > 0 ? value - 1 : nil
  }
}

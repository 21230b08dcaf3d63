import Chunking
import ForeignText

/// Reads DOCX: paragraphs, headings by their styles, list items, tables, notes. Pages are those that the last
/// program saw when it laid the document out, where it wrote them down.
struct WordReader {
  let archive: ZIPArchive
  let limits: DocumentLimits

  func document() throws(DocumentError) -> ExtractedDocument {
    let levels = archive.contains("word/styles.xml") ? try headingLevels() : [:]
    var builder = DocumentBuilder(limits: limits)
    try read("word/document.xml", levels: levels, into: &builder)
    for notes in ["word/footnotes.xml", "word/endnotes.xml"] where archive.contains(notes) {
      try read(notes, levels: levels, into: &builder)
    }
    return builder.document(title: try OfficeProperties.title(in: archive, limits: limits), format: .docx)
  }

  /// The heading level of each style, by its id.
  private func headingLevels() throws(DocumentError) -> [ByteString: Int] {
    var scanner = MarkupScanner(
      xml: try archive.member("word/styles.xml"), part: "word/styles.xml", limits: limits)
    var levels: [ByteString: Int] = [:]
    var style: ByteString?
    while let token = try scanner.next() {
      switch token {
      case .start("style", let attributes): style = attributes["w:styleId"]
      case .start("name", let attributes):
        let name = ByteString(attributes["w:val"]?.text.lowercased() ?? "")
        let isHeading = name.text.utf8.starts(with: "heading ".utf8)
        if let style, isHeading, let level = Int(name.text.dropFirst(8)) { levels[style] = level }
        if let style, name == "title" { levels[style] = 1 }
      case .start("outlineLvl", let attributes):
        if let style, let level = attributes["w:val"].flatMap(\.outlineLevel) {
          levels[style] = level + 1
        }
      case .end("style"): style = nil
      default: break
      }
    }
    return levels
  }

  private func read(
    _ part: String, levels: [ByteString: Int], into builder: inout DocumentBuilder
  ) throws(DocumentError) {
    var scanner = MarkupScanner(xml: try archive.member(part), part: part, limits: limits)
    var words = ""
    var isText = false
    var level: Int?
    var listDepth: Int?
    var outer: [(String, Int?, Int?)] = []
    var fallbacks = 0
    var tables: [[[String]]] = []
    var cell: [String] = []
    var page = 1
    var hasPages = false
    while let token = try scanner.next() {
      if fallbacks > 0, token != .end("Fallback"), token != .start("Fallback", attributes: [:]) { continue }
      switch token {
      case .start("p", _):
        // A text box stands inside a paragraph.
        outer.append((words, level, listDepth))
        (words, level, listDepth) = ("", nil, nil)
      case .start("pStyle", let attributes): level = attributes["w:val"].flatMap { levels[$0] }
      case .start("outlineLvl", let attributes):
        if let value = attributes["w:val"].flatMap(\.outlineLevel) { level = value + 1 }
      case .start("numPr", _): listDepth = listDepth ?? 1
      case .start("ilvl", let attributes): listDepth = (attributes["w:val"].flatMap(\.outlineLevel) ?? 0) + 1
      case .start("t", _): isText = true
      case .end("t"): isText = false
      case .start("tab", _), .start("br", _), .start("cr", _): words += " "
      case .start("lastRenderedPageBreak", _):
        if !hasPages { builder.page(1) }
        hasPages = true
        page += 1
        // The words before the break belong to the page that ends.
        if tables.isEmpty, level == nil, !words.collapsingWhiteSpace.isEmpty {
          try emit(words, level, listDepth, into: &builder)
          words = ""
        }
        builder.page(page)
      case .text(let text): if isText { words += text }
      case .start("tbl", _): tables.append([])
      case .start("tr", _): if !tables.isEmpty { tables[tables.count - 1].append([]) }
      case .start("tc", _): cell = []
      case .end("tc"):
        if let count = tables.last?.count, count > 0 {
          tables[tables.count - 1][count - 1].append(cell.joined(separator: " "))
        }
        cell = []
      case .end("tbl"):
        guard let rows = tables.popLast() else { break }
        if tables.isEmpty {
          try builder.table(rows)
        } else {
          cell.append(rows.map { $0.joined(separator: " ") }.joined(separator: " "))
        }
      case .end("p"):
        if tables.isEmpty {
          try emit(words, level, listDepth, into: &builder)
        } else {
          cell.append(words.collapsingWhiteSpace)
        }
        (words, level, listDepth) = outer.popLast() ?? ("", nil, nil)
      // The same again, for programs that do not know the first.
      case .start("Fallback", _): fallbacks += 1
      case .end("Fallback"): fallbacks -= 1
      default: break
      }
    }
  }

  private func emit(
    _ words: String, _ level: Int?, _ listDepth: Int?, into builder: inout DocumentBuilder
  ) throws(DocumentError) {
    if let level {
      try builder.heading(level, words)
    } else if let listDepth {
      try builder.listItem(words, depth: listDepth)
    } else {
      try builder.paragraph(words)
    }
  }
}

/// The properties that Microsoft's formats share.
enum OfficeProperties {
  static func title(in archive: ZIPArchive, limits: DocumentLimits) throws(DocumentError) -> String? {
    guard archive.contains("docProps/core.xml") else { return nil }
    return try element(
      "title", in: try archive.member("docProps/core.xml"), part: "docProps/core.xml", limits: limits)
  }

  /// The text of the first element of a name.
  static func element(
    _ name: ByteString, in bytes: [UInt8], part: String, limits: DocumentLimits
  ) throws(DocumentError) -> String? {
    var scanner = MarkupScanner(xml: bytes, part: part, limits: limits)
    var text: String?
    while let token = try scanner.next() {
      switch token {
      case .start(name, _): text = ""
      case .text(let words): if text != nil { text! += words }
      case .end(name): return text
      default: break
      }
    }
    return nil
  }

  /// The targets of a part's relations, by id; paths from the archive's root.
  static func relations(
    of part: String, in archive: ZIPArchive, limits: DocumentLimits
  ) throws(DocumentError) -> [ByteString: String] {
    var folders = part.split(separator: "/").map(String.init)
    let name = folders.removeLast()
    let path = (folders + ["_rels", name + ".rels"]).joined(separator: "/")
    guard archive.contains(path) else { return [:] }
    var scanner = MarkupScanner(xml: try archive.member(path), part: path, limits: limits)
    var targets: [ByteString: String] = [:]
    while let token = try scanner.next() {
      guard case .start("Relationship", let attributes) = token, let id = attributes["Id"],
        let target = attributes["Target"], attributes["TargetMode"] != "External"
      else { continue }
      targets[id] = resolved(target.text, from: folders)
    }
    return targets
  }

  static func resolved(_ target: String, from folders: [String]) -> String {
    let slash = UInt8(ascii: "/")
    var parts = target.utf8.first == slash ? [] : folders
    for step in target.utf8.split(separator: slash) {
      if step.elementsEqual("..".utf8) {
        _ = parts.popLast()
      } else if !step.elementsEqual(".".utf8) {
        parts.append(String(decoding: step, as: UTF8.self))
      }
    }
    return parts.joined(separator: "/")
  }
}

extension ByteString {
  /// The level of an outline or a list, from 0; nil where it is none that a program writes.
  var outlineLevel: Int? { Int(text).flatMap { (0..<9).contains($0) ? $0 : nil } }
}

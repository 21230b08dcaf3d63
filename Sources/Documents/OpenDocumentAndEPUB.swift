import Chunking
import ForeignText

/// Reads ODT: headings, paragraphs, list items, tables. Notes follow the paragraph that they belong to;
/// comments and deleted text are left out.
struct OpenDocumentReader {
  let archive: ZIPArchive
  let limits: DocumentLimits

  func document() throws(DocumentError) -> ExtractedDocument {
    var builder = DocumentBuilder(limits: limits)
    try read(into: &builder)
    let title =
      archive.contains("meta.xml")
      ? try OfficeProperties.element(
        "title", in: try archive.member("meta.xml"), part: "meta.xml", limits: limits) : nil
    return builder.document(title: title, format: .odt)
  }

  private func read(into builder: inout DocumentBuilder) throws(DocumentError) {
    if archive.contains("META-INF/manifest.xml"),
      try archive.member("META-INF/manifest.xml").firstIndex(of: "encryption-data") != nil
    {
      throw .encrypted
    }
    var scanner = MarkupScanner(xml: try archive.member("content.xml"), part: "content.xml", limits: limits)
    var stack: [String] = []
    var notes: [String] = []
    var skipDepth = 0
    var lists = 0
    var level: Int?
    var rows: [[String]]?
    var tableDepth = 0
    var cell: [String] = []
    var page = 1
    var hasPages = false
    while let token = try scanner.next() {
      if skipDepth > 0 {
        switch token {
        case .start: skipDepth += 1
        case .end: skipDepth -= 1
        case .text: break
        }
        continue
      }
      switch token {
      case .start("annotation", _), .start("tracked-changes", _), .start("note-citation", _),
        .start("index-body", _), .start("sequence-decls", _), .start("desc", _):
        skipDepth = 1
      case .start("p", _): stack.append("")
      case .start("h", let attributes):
        stack.append("")
        level = attributes["text:outline-level"].flatMap { Int($0.text) } ?? 1
      case .text(let text): if !stack.isEmpty { stack[stack.count - 1] += text }
      case .start("s", _), .start("tab", _), .start("line-break", _):
        if !stack.isEmpty { stack[stack.count - 1] += " " }
      case .start("soft-page-break", _):
        if !hasPages { builder.page(1) }
        hasPages = true
        page += 1
        builder.page(page)
      case .start("list", _): lists += 1
      case .end("list"): lists -= 1
      case .start("table", _):
        tableDepth += 1
        if tableDepth == 1 { rows = [] }
      case .start("table-row", _): if tableDepth == 1 { rows?.append([]) }
      case .start("table-cell", _), .start("covered-table-cell", _): if tableDepth == 1 { cell = [] }
      case .end("table-cell"), .end("covered-table-cell"):
        if tableDepth == 1, let count = rows?.count, count > 0 {
          rows![count - 1].append(cell.joined(separator: " "))
        }
      case .end("table"):
        tableDepth -= 1
        if tableDepth == 0, let table = rows {
          try builder.table(table)
          rows = nil
        }
      case .end("p"), .end("h"):
        guard let words = stack.popLast() else { break }
        if !stack.isEmpty {
          notes.append(words)
        } else if rows != nil {
          cell.append(words.collapsingWhiteSpace)
        } else if let heading = level, token == .end("h") {
          try builder.heading(heading, words)
        } else if lists > 0 {
          try builder.listItem(words, depth: lists)
        } else {
          try builder.paragraph(words)
        }
        if stack.isEmpty, rows == nil {
          for note in notes { try builder.paragraph(note) }
          notes = []
        }
        level = nil
      default: break
      }
    }
  }
}

/// Reads EPUB: the chapters of its spine, each as HTML.
struct EPUBReader {
  let archive: ZIPArchive
  let limits: DocumentLimits

  func document() throws(DocumentError) -> ExtractedDocument {
    guard !archive.contains("META-INF/rights.xml") else { throw .encrypted }
    let container = "META-INF/container.xml"
    var scanner = MarkupScanner(xml: try archive.member(container), part: container, limits: limits)
    var package: String?
    while let token = try scanner.next() {
      if case .start("rootfile", let attributes) = token {
        package = package ?? attributes["full-path"]?.text
      }
    }
    guard let package else { throw .markup(part: container, reason: "it names no package") }
    let folders = package.utf8.split(separator: UInt8(ascii: "/")).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
    var files: [ByteString: String] = [:]
    var spine: [ByteString] = []
    var title: String?
    var isTitle = false
    scanner = MarkupScanner(xml: try archive.member(package), part: package, limits: limits)
    while let token = try scanner.next() {
      switch token {
      case .start("item", let attributes):
        guard let id = attributes["id"], let target = attributes["href"] else { break }
        files[id] = OfficeProperties.resolved(Self.percentDecoded(target.text), from: folders)
      case .start("itemref", let attributes):
        if let id = attributes["idref"], attributes["linear"] != "no" { spine.append(id) }
      case .start("title", _): isTitle = title == nil
      case .text(let text): if isTitle { title = (title ?? "") + text }
      case .end("title"): isTitle = false
      default: break
      }
    }
    var builder = DocumentBuilder(limits: limits)
    let html = HTMLReader(limits: limits)
    for id in spine {
      guard let file = files[id], archive.contains(file) else { continue }
      _ = try html.read(try DocumentReader.utf8(try archive.member(file), limits), into: &builder)
    }
    return builder.document(title: title, format: .epub)
  }

  static func percentDecoded(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        result.append(value)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

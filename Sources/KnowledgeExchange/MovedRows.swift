import Chunking
import ForeignText
import Foundation
import JSON
import Knowledge

/// A piece of a document as a row of a table: what Parquet, JSON Lines and Chroma hold. A document without
/// pieces is a row without an ordinal.
struct MovedRow: Equatable {
  var texts: [String: String] = [:]
  var integers: [String: Int] = [:]
  var scale: Float?
  var vector: [Float] = []

  static let columns: [(name: String, kind: ParquetKind)] = [
    ("path", .text), ("title", .text), ("language", .text), ("format", .text), ("file_bytes", .integer),
    ("modified", .integer), ("sha256", .text), ("pages", .integer), ("chunking", .text), ("warnings", .text),
    ("document_text", .text), ("ordinal", .integer), ("start", .integer), ("end", .integer), ("lead", .text),
    ("headings", .text), ("first_page", .integer), ("last_page", .integer), ("first_line", .integer),
    ("last_line", .integer), ("tokens", .integer), ("key", .text), ("text", .text), ("scale", .float),
    ("vector", .floats),
  ]

  static let names = Set(columns.map { ByteString($0.name) })

  /// The rows of a document. Its whole text is in the first one.
  static func rows(_ moved: MovedDocument) -> [MovedRow] {
    let document = moved.document
    var common = MovedRow()
    common.texts = [
      "path": document.path, "format": document.format.rawValue, "sha256": document.sha256,
      "chunking": document.chunkingKey, "warnings": document.warnings.joined(separator: "\n"),
    ]
    common.texts["title"] = document.title
    common.texts["language"] = document.language
    common.integers = [
      "file_bytes": document.byteCount, "modified": document.modificationTime, "pages": document.pageCount,
    ]
    var rows: [MovedRow] = []
    for (index, chunk) in moved.chunks.enumerated() {
      var row = common
      row.texts["lead"] = chunk.lead
      row.texts["headings"] = chunk.headings.joined(separator: "\n")
      row.texts["key"] = moved.keys[index].map(Self.hexadecimal).joined()
      row.texts["text"] = String(decoding: moved.text[chunk.bytes], as: UTF8.self)
      row.integers["ordinal"] = index
      row.integers["start"] = chunk.bytes.lowerBound
      row.integers["end"] = chunk.bytes.upperBound
      row.integers["first_page"] = chunk.pages?.lowerBound
      row.integers["last_page"] = chunk.pages?.upperBound
      row.integers["first_line"] = chunk.lines.lowerBound
      row.integers["last_line"] = chunk.lines.upperBound
      row.integers["tokens"] = chunk.tokenCount
      row.scale = moved.vectors[index].quantized.scale
      row.vector = moved.vectors[index].components
      rows.append(row)
    }
    if rows.isEmpty { rows = [common] }
    rows[0].texts["document_text"] = String(decoding: moved.text, as: UTF8.self)
    return rows
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
  }

  static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Character(Unicode.Scalar(digits[index])).hexDigitValue,
        let low = Character(Unicode.Scalar(digits[index + 1])).hexDigitValue
      else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }

  /// The document of its rows, in any order.
  static func document(_ rows: [MovedRow], facts: BaseFacts) throws(KnowledgeError) -> MovedDocument {
    let rows = rows.sorted { ($0.integers["ordinal"] ?? -1) < ($1.integers["ordinal"] ?? -1) }
    let path = rows[0].texts["path"] ?? ""
    func refuse(_ reason: String) -> KnowledgeError { .moved(document: path, reason: reason) }
    func text(_ row: MovedRow, _ name: String) throws(KnowledgeError) -> String {
      guard let value = row.texts[name] else { throw refuse("a row has no \(name)") }
      return value
    }
    func integer(_ row: MovedRow, _ name: String) throws(KnowledgeError) -> Int {
      guard let value = row.integers[name], value >= 0 || name == "modified" else {
        throw refuse("a row has no sound \(name)")
      }
      return value
    }
    func list(_ text: String) -> [String] {
      text.isEmpty ? [] : text.split(separator: "\n").map(String.init)
    }
    let first = rows[0]
    guard !path.isEmpty else { throw refuse("a row has no path") }
    guard let format = DocumentFormat(rawValue: try text(first, "format")) else {
      throw refuse("its format is unknown")
    }
    guard let whole = rows.lazy.compactMap({ $0.texts["document_text"] }).first else {
      throw refuse("no row has its document_text")
    }
    let pieces = rows.filter { $0.integers["ordinal"] != nil }
    var moved = MovedDocument(
      document: StoredDocument(
        path: path, byteCount: try integer(first, "file_bytes"),
        modificationTime: try integer(first, "modified"), sha256: try text(first, "sha256"), format: format,
        title: first.texts["title"], language: first.texts["language"],
        pageCount: try integer(first, "pages"), chunkingKey: try text(first, "chunking"),
        warnings: list(first.texts["warnings"] ?? ""), chunkCount: pieces.count),
      text: Array(whole.utf8), chunks: [], keys: [], vectors: [])
    for (index, row) in pieces.enumerated() {
      guard row.integers["ordinal"] == index else {
        throw refuse("piece \(index) is missing, or there twice")
      }
      let (start, end) = (try integer(row, "start"), try integer(row, "end"))
      let (firstLine, lastLine) = (try integer(row, "first_line"), try integer(row, "last_line"))
      guard start <= end, firstLine <= lastLine else { throw refuse("piece \(index) ends before it begins") }
      guard let key = bytes(hexadecimal: try text(row, "key")) else {
        throw refuse("the key of piece \(index) is not hexadecimal")
      }
      var pages: ClosedRange<Int>?
      if let first = row.integers["first_page"], let last = row.integers["last_page"] {
        guard first <= last else { throw refuse("piece \(index) ends before its first page") }
        pages = first...last
      }
      moved.chunks.append(
        Chunk(
          bytes: start..<end, lead: row.texts["lead"] ?? "", headings: list(row.texts["headings"] ?? ""),
          pages: pages, lines: firstLine...lastLine, tokenCount: try integer(row, "tokens")))
      moved.keys.append(key)
      guard row.vector.count == facts.model.dimensions else {
        throw refuse(
          "the vector of piece \(index) has \(row.vector.count) components, not \(facts.model.dimensions)")
      }
      guard let scale = row.scale else { throw refuse("piece \(index) has no scale") }
      moved.vectors.append(
        try StoredVector(components: row.vector, scale: scale, isExact: facts.keepsFloats))
    }
    return moved
  }
}

extension BaseFacts {
  /// The facts as names and values beside a table.
  var named: [(String, String)] {
    var list = [
      ("touchstone.version", "1"), ("touchstone.model", model.name),
      ("touchstone.fingerprint", model.fingerprint), ("touchstone.dimensions", String(model.dimensions)),
      ("touchstone.format", keepsFloats ? "int8+float32" : "int8"),
    ]
    if let chunking { list.append(("touchstone.chunking", chunking)) }
    if let vectors { list.append(("touchstone.vectors", vectors)) }
    return list
  }

  /// The texts among the members of an object.
  init(json: JSONValue?, source: String) throws(KnowledgeError) {
    var named: [ByteString: String] = [:]
    if case .object(let members)? = json {
      for member in members {
        if case .string(let text) = member.value { named[ByteString(member.key)] = text }
      }
    }
    try self.init(named: named, source: source)
  }

  /// - Parameter source: for the sentence where they are no base's.
  init(named: [ByteString: String], source: String) throws(KnowledgeError) {
    guard let version = named["touchstone.version"], let name = named["touchstone.model"],
      let fingerprint = named["touchstone.fingerprint"],
      let dimensions = named["touchstone.dimensions"].flatMap({ Int($0) }), dimensions > 0,
      let format = named["touchstone.format"], ["int8", "int8+float32"].contains(format)
    else {
      throw .server(
        name: source, reason: "it is no exported knowledge base: it does not say which model made its vectors"
      )
    }
    guard version == "1" else { throw .otherVersion(path: source, found: Int(version) ?? 0, supported: 1) }
    self.init(
      model: ModelIdentity(name: name, fingerprint: fingerprint, dimensions: dimensions),
      keepsFloats: format == "int8+float32", chunking: named["touchstone.chunking"],
      vectors: named["touchstone.vectors"])
  }
}

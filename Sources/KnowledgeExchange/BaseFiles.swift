import ForeignText
import Foundation
import JSON
import Knowledge

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where whole documents come from: a file or a server.
package protocol DocumentSource {
  var facts: BaseFacts { get }
  func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws
}

/// Writes a base to a Parquet file, a row a piece.
package final class ParquetSink: DocumentSink {
  private let writer: ParquetWriter
  private var rows: [MovedRow] = []
  private var size = 0

  package init(path: String, facts: BaseFacts) throws(KnowledgeError) {
    writer = try ParquetWriter(path: path, columns: MovedRow.columns, metadata: facts.named)
  }

  package func take(_ documents: [MovedDocument]) throws {
    for moved in documents {
      let made = MovedRow.rows(moved)
      rows += made
      size += moved.text.count * 2 + made.reduce(0) { $0 + 4 * $1.vector.count }
      // Bounded memory, and groups that other programs read at once.
      if size > 32 << 20 { try flush() }
    }
  }

  package func finish() throws {
    try flush()
    try writer.finish()
  }

  private func flush() throws {
    try writer.write(
      MovedRow.columns.map { column -> ParquetColumn in
        switch column.kind {
        case .text: .text(rows.map { $0.texts[column.name] })
        case .integer: .integer(rows.map { $0.integers[column.name] })
        case .float: .float(rows.map(\.scale))
        case .floats: .floats(rows.map(\.vector))
        }
      })
    (rows, size) = ([], 0)
  }
}

/// Reads what ``ParquetSink`` wrote.
package final class ParquetSource: DocumentSource {
  private let reader: ParquetReader
  package let facts: BaseFacts

  package init(path: String) throws(KnowledgeError) {
    reader = try ParquetReader(path: path)
    facts = try BaseFacts(named: reader.metadata, source: path)
    for (name, kind) in MovedRow.columns where name != "text" && reader.kind(of: name) != kind {
      throw .moved(document: path, reason: "it has no column \(name), or one of another type")
    }
  }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    var grouped = RowsByDocument(facts: facts)
    for group in 0..<reader.groupCount {
      var rows: [MovedRow] = []
      for (name, kind) in MovedRow.columns where name != "text" {
        guard let column = try reader.column(name, kind, group: group) else { continue }
        if rows.isEmpty { rows = Array(repeating: MovedRow(), count: column.count) }
        guard rows.count == column.count else {
          throw KnowledgeError.moved(document: reader.path, reason: "its columns have different lengths")
        }
        switch column {
        case .text(let values): for (index, value) in values.enumerated() { rows[index].texts[name] = value }
        case .integer(let values):
          for (index, value) in values.enumerated() { rows[index].integers[name] = value }
        case .float(let values): for (index, value) in values.enumerated() { rows[index].scale = value }
        case .floats(let values): for (index, value) in values.enumerated() { rows[index].vector = value }
        }
      }
      for row in rows { if let moved = try grouped.add(row) { try await body(moved) } }
    }
    if let moved = try grouped.end() { try await body(moved) }
  }
}

/// Rows of a document follow one another.
struct RowsByDocument {
  let facts: BaseFacts
  private var rows: [MovedRow] = []
  private var seen: Set<ByteString> = []

  init(facts: BaseFacts) { self.facts = facts }

  /// - Returns: the document before, where the row begins another.
  mutating func add(_ row: MovedRow) throws -> MovedDocument? {
    let path = row.texts["path"] ?? ""
    if let current = rows.first?.texts["path"], current.hasBytes(of: path) {
      rows.append(row)
      return nil
    }
    let before = try end()
    guard seen.insert(ByteString(path)).inserted else {
      throw KnowledgeError.moved(
        document: path, reason: "its rows do not follow one another; sort them by path")
    }
    rows = [row]
    return before
  }

  mutating func end() throws -> MovedDocument? {
    defer { rows = [] }
    return rows.isEmpty ? nil : try MovedRow.document(rows, facts: facts)
  }
}

// MARK: JSON Lines

extension MovedRow {
  /// All fields but the vector's scale, by their names; absent ones are left out.
  var json: [JSONValue.Member] {
    Self.columns.compactMap { name, kind in
      switch kind {
      case .text: texts[name].map { .init(name, .string($0)) }
      case .integer: integers[name].map { .init(name, .number($0)) }
      case .float: scale.map { .init(name, .number($0)) }
      case .floats: vector.isEmpty ? nil : .init(name, .array(vector.map(JSONValue.number)))
      }
    }
  }

  init(json: JSONValue) {
    guard case .object(let members) = json else { return }
    for member in members where Self.names.contains(ByteString(member.key)) {
      switch member.value {
      case .string(let text): texts[member.key] = text
      case .number(let digits):
        if member.key == "scale" { scale = Float(digits) } else { integers[member.key] = Int(digits) }
      case .array(let values) where member.key == "vector":
        vector = values.map { if case .number(let digits) = $0 { Float(digits) ?? .nan } else { .nan } }
      default: break
      }
    }
  }
}

/// Writes a base to JSON Lines: the facts, then an object a piece.
package final class JSONLinesSink: DocumentSink {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var isFinished = false

  package init(path: String, facts: BaseFacts) throws(KnowledgeError) {
    self.path = path
    guard let file = fopen(path + ".partial", "we") else {
      throw .io(path: path + ".partial", reason: String(cString: strerror(errno)))
    }
    self.file = file
    try write(.object(facts.named.map { .init($0.0, .string($0.1)) }))
  }

  deinit {
    if !isFinished {
      fclose(file)
      unlink(path + ".partial")
    }
  }

  package func take(_ documents: [MovedDocument]) throws {
    for moved in documents { for row in MovedRow.rows(moved) { try write(.object(row.json)) } }
  }

  package func finish() throws(KnowledgeError) {
    guard fflush(file) == 0, fsync(fileno(file)) == 0, rename(path + ".partial", path) == 0 else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
    isFinished = true
    fclose(file)
  }

  private func write(_ value: JSONValue) throws(KnowledgeError) {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    bytes.append(0x0A)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
  }
}

/// Reads what ``JSONLinesSink`` wrote.
package final class JSONLinesSource: DocumentSource {
  package let facts: BaseFacts
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var number = 1

  package init(path: String) throws(KnowledgeError) {
    self.path = path
    guard let file = fopen(path, "re") else {
      throw .io(path: path, reason: String(cString: strerror(errno)))
    }
    self.file = file
    do throws(KnowledgeError) {
      facts = try BaseFacts(json: try Self.line(file, path, 1), source: path)
    } catch {
      fclose(file)
      throw error
    }
  }

  deinit { fclose(file) }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    var grouped = RowsByDocument(facts: facts)
    while true {
      number += 1
      guard let value = try Self.line(file, path, number) else { break }
      if let moved = try grouped.add(MovedRow(json: value)) { try await body(moved) }
    }
    if let moved = try grouped.end() { try await body(moved) }
  }

  private static func line(
    _ file: UnsafeMutablePointer<FILE>, _ path: String, _ number: Int
  ) throws(KnowledgeError) -> JSONValue? {
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(buffer) }
    let count = getline(&buffer, &capacity, file)
    guard count > 0, let buffer else { return nil }
    let bytes = UnsafeRawBufferPointer(start: buffer, count: count).map { $0 }
    do throws(JSONSyntaxError) { return try JSONParser.parse(bytes) } catch {
      throw .moved(document: path, reason: "line \(number) is not JSON: \(error.reason)")
    }
  }
}

import Chunking
import GRDB

/// What a service asks of a base beside searches.
extension EmbeddedStore {
  /// What conditions of a search are about.
  package struct DocumentFacts: Sendable, Equatable {
    package var path: String
    package var title: String?
    package var language: String?
    package var format: DocumentFormat
    package var pageCount: Int
  }

  /// Of all documents, by their paths.
  package func facts() throws -> [DocumentFacts] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT path, title, language, format, pages FROM documents ORDER BY path"
      ).map { row in
        DocumentFacts(
          path: try row.value(at: 0), title: try row.value(at: 1), language: try row.value(at: 2),
          format: DocumentFormat(rawValue: try row.value(at: 3)) ?? .text, pageCount: try row.value(at: 4))
      }
    }
  }

  package func documentCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM documents") ?? 0 }
  }

  /// Whether there is such a document, without counting its pieces.
  package func hasDocument(_ path: String) throws -> Bool {
    try read {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM documents WHERE path = ?)", arguments: [path])
        ?? false
    }
  }

  /// The extracted text of a document, UTF-8.
  package func text(ofDocument path: String) throws -> [UInt8] {
    try read { database in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT id FROM documents WHERE path = ?", arguments: [path])
      else { throw KnowledgeError.noDocument(path) }
      return try self.text(of: id, database)
    }
  }

  /// The remarks whose names begin so, by what follows in their names.
  package func notes(beginningWith prefix: String) throws -> [(name: String, value: String)] {
    let whole = "note " + prefix
    return try read { database in
      try Row.fetchAll(
        database, sql: "SELECT name, value FROM meta WHERE substr(name, 1, ?) = ? ORDER BY name",
        arguments: [whole.unicodeScalars.count, whole]
      ).map { row in
        (
          String((try row.value(at: 0) as String).unicodeScalars.dropFirst(whole.unicodeScalars.count)),
          try row.value(at: 1)
        )
      }
    }
  }

  package func removeNote(_ name: String) throws {
    try write {
      try $0.execute(sql: "DELETE FROM meta WHERE name = ?", arguments: ["note " + name])
    }
  }
}

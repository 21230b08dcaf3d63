import GRDB
import JSON

/// The tables of `catalogue.sqlite`. They can be read with `sqlite3`; the keyword index holds divided words.
enum Catalogue {
  static let version = 1

  static func configuration(isReader: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = isReader
    configuration.busyMode = .timeout(10)
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { database in
      // A lost transaction could name segments that are gone.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      // A catalogue may come from a stranger: its views and triggers call no function that could do more than
      // compute.
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
    }
    return configuration
  }

  static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE models (
          id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL, dimensions INTEGER NOT NULL,
          keeps_floats INTEGER NOT NULL, is_active INTEGER NOT NULL);
        CREATE TABLE segments (id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models, rows INTEGER NOT NULL);
        CREATE TABLE vectors (
          id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models, key BLOB NOT NULL,
          segment INTEGER NOT NULL REFERENCES segments, row INTEGER NOT NULL, UNIQUE (model, key));
        CREATE TABLE documents (
          id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
          sha256 TEXT NOT NULL, format TEXT NOT NULL, title TEXT, language TEXT, pages INTEGER NOT NULL,
          chunking TEXT NOT NULL, warnings TEXT NOT NULL);
        CREATE TABLE texts (document INTEGER PRIMARY KEY REFERENCES documents, bytes INTEGER NOT NULL, packed BLOB NOT NULL);
        CREATE TABLE chunks (
          id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents, ordinal INTEGER NOT NULL,
          start INTEGER NOT NULL, end INTEGER NOT NULL, lead TEXT NOT NULL, headings TEXT NOT NULL, first_page INTEGER,
          last_page INTEGER, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, tokens INTEGER NOT NULL,
          key BLOB NOT NULL, vector INTEGER NOT NULL REFERENCES vectors, UNIQUE (document, ordinal));
        CREATE INDEX chunks_by_vector ON chunks (vector);
        CREATE TABLE failures (path TEXT PRIMARY KEY, modified INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        CREATE VIRTUAL TABLE words USING fts5 (
          headings, body, content = '', tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2');
        """)
    try set("version", version, database)
    try set("segmenter", KeywordSegmenter.version, database)
    try set("generation", 0, database)
  }

  static func set(_ name: String, _ value: some DatabaseValueConvertible, _ database: Database) throws {
    try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)", arguments: [name, value])
  }

  static func int(_ name: String, _ database: Database) throws -> Int? {
    try Int.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
  }

  static func text(_ name: String, _ database: Database) throws -> String? {
    try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
  }

  /// Called in every transaction that changes what a search finds.
  static func advance(_ database: Database) throws {
    try database.execute(sql: "UPDATE meta SET value = value + 1 WHERE name = 'generation'")
  }

  /// A condition on `documents`, and its values.
  static func condition(_ filter: SearchFilter) -> (sql: String, arguments: StatementArguments) {
    var parts: [String] = []
    var arguments = StatementArguments()
    if !filter.paths.isEmpty {
      parts.append(
        "("
          + filter.paths.map { _ in "documents.path GLOB ? OR documents.path GLOB ?" }.joined(
            separator: " OR ") + ")")
      for path in filter.paths { arguments += [path, "*/" + path] }
    }
    for (column, values) in [("language", filter.languages), ("format", filter.formats)] where !values.isEmpty
    {
      parts.append("documents.\(column) IN (" + values.map { _ in "?" }.joined(separator: ", ") + ")")
      for value in values { arguments += [value] }
    }
    if let documents = filter.documents {
      // One value however many there are: SQLite bounds the number of values.
      var list: [UInt8] = []
      list.append(json: .array(documents.map(JSONValue.string)))
      parts.append("documents.path IN (SELECT value FROM json_each(?))")
      arguments += [String(decoding: list, as: UTF8.self)]
    }
    return (parts.isEmpty ? "1" : parts.joined(separator: " AND "), arguments)
  }
}

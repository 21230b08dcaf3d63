import Chunking
import Foundation
import JSON
import Knowledge
import Synchronization

/// A base in PostgreSQL with pgvector: many writers, backups and access rules of the server. Vectors are
/// halves; their bytes come back exactly, since a half of a byte times a scale names the byte.
package final class PostgresStore: DocumentStore {
  package let path: String
  package let model: ModelIdentity
  package let keepsFloats: Bool
  private let schema: String
  private let connection: Mutex<Box>

  /// The connection is used under the lock only.
  private struct Box: @unchecked Sendable {
    let connection: PostgresConnection
  }

  private static let version = 1

  /// Opens a base on a server.
  ///
  /// - Parameter facts: makes the base where there is none, and must name the model of an existing one. nil:
  ///   it must be there.
  package init(_ address: PostgresAddress, creating facts: BaseFacts? = nil) throws {
    path = address.name
    schema = address.schema
    let connection = try PostgresConnection(address)
    if try !Self.exists(connection, address) {
      guard let facts else {
        throw KnowledgeError.server(
          name: address.name, reason: "there is no knowledge base in the schema \(address.schema)")
      }
      // One writer makes it; another one that came at the same time finds it there.
      _ = try connection.rows("SELECT pg_advisory_lock(hashtext($1))", [Self.creationLock])
      defer { _ = try? connection.rows("SELECT pg_advisory_unlock(hashtext($1))", [Self.creationLock]) }
      if try !Self.exists(connection, address) { try Self.create(connection, address, facts) }
    }
    try connection.run("SET search_path TO \"\(address.schema)\", public")
    func meta(_ name: String) throws -> String? {
      try connection.rows("SELECT value FROM meta WHERE name = $1", [name]).first?[0]
    }
    let version = Int(try meta("version") ?? "") ?? 0
    guard version == Self.version else {
      throw KnowledgeError.otherVersion(path: address.name, found: version, supported: Self.version)
    }
    guard let name = try meta("model"), let fingerprint = try meta("fingerprint"),
      let dimensions = Int(try meta("dimensions") ?? ""), dimensions > 0
    else { throw KnowledgeError.damaged(path: address.name, reason: "it names no model") }
    model = ModelIdentity(name: name, fingerprint: fingerprint, dimensions: dimensions)
    keepsFloats = try meta("format") == "int8+float32"
    if let facts, facts.model.fingerprint != fingerprint {
      throw KnowledgeError.otherModel(base: model, asked: facts.model)
    }
    if try meta("index") == "hnsw" {
      // Goes on behind the first candidates until enough of them pass the filter.
      try connection.run("SET hnsw.iterative_scan = strict_order; SET hnsw.ef_search = 200")
    }
    self.connection = Mutex(Box(connection: connection))
  }

  /// The lock's name: of the whole database, whose extension is made under it too.
  private static let creationLock = "touchstone knowledge base"

  private static func exists(_ connection: PostgresConnection, _ address: PostgresAddress) throws -> Bool {
    try connection.rows("SELECT to_regclass($1) IS NOT NULL", ["\"\(address.schema)\".meta"])[0][0] == "t"
  }

  private static func create(
    _ connection: PostgresConnection, _ address: PostgresAddress, _ facts: BaseFacts
  ) throws {
    do { try connection.run("CREATE EXTENSION IF NOT EXISTS vector") } catch {
      throw KnowledgeError.server(
        name: address.name,
        reason: "it has no pgvector, or this user may not switch it on (CREATE EXTENSION vector)")
    }
    try connection.transaction {
      try connection.run(
        """
        CREATE SCHEMA IF NOT EXISTS "\(address.schema)";
        SET LOCAL search_path TO "\(address.schema)", public;
        CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
        CREATE TABLE vectors (
          key bytea PRIMARY KEY, embedding halfvec(\(facts.model.dimensions)) NOT NULL, scale real NOT NULL,
          components real[]);
        ALTER TABLE vectors ALTER embedding SET STORAGE PLAIN;
        CREATE TABLE documents (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text NOT NULL UNIQUE, bytes bigint NOT NULL,
          modified bigint NOT NULL, sha256 text NOT NULL, format text NOT NULL, title text, language text,
          pages integer NOT NULL, chunking text NOT NULL, warnings text NOT NULL, content text NOT NULL);
        CREATE INDEX ON documents (language);
        CREATE TABLE chunks (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          document bigint NOT NULL REFERENCES documents ON DELETE CASCADE, ordinal integer NOT NULL,
          first_byte bigint NOT NULL, end_byte bigint NOT NULL, lead text NOT NULL, headings text NOT NULL,
          first_page integer, last_page integer, first_line integer NOT NULL, last_line integer NOT NULL,
          tokens integer NOT NULL, key bytea NOT NULL REFERENCES vectors, passage text NOT NULL,
          words tsvector NOT NULL, UNIQUE (document, ordinal));
        CREATE INDEX ON chunks (key);
        CREATE INDEX ON chunks USING gin (words);
        CREATE TABLE failures (path text PRIMARY KEY, modified bigint NOT NULL, reason text NOT NULL);
        """)
      var values = [
        ("version", String(version)), ("model", facts.model.name), ("fingerprint", facts.model.fingerprint),
        ("dimensions", String(facts.model.dimensions)),
        ("format", facts.keepsFloats ? "int8+float32" : "int8"), ("index", "exact"),
      ]
      if let chunking = facts.chunking { values.append(("chunking", chunking)) }
      if let vectors = facts.vectors { values.append(("note vectors", vectors)) }
      for (name, value) in values { try connection.rows("INSERT INTO meta VALUES ($1, $2)", [name, value]) }
    }
  }

  private func rows(_ sql: String, _ values: [String?] = []) throws -> [[String?]] {
    try connection.withLock { try $0.connection.rows(sql, values) }
  }

  /// Makes a graph index (HNSW) that searches use from now on: faster, and no longer exact. Without it every
  /// row that passes the filter is compared.
  package func makeGraphIndex() throws {
    guard model.dimensions <= 4_000 else {
      throw KnowledgeError.option(
        "pgvector's HNSW takes 4000 dimensions of halfvec, and the base has \(model.dimensions)")
    }
    try connection.withLock { box in
      try box.connection.run(
        "CREATE INDEX IF NOT EXISTS vectors_graph ON vectors USING hnsw (embedding halfvec_ip_ops)")
      try box.connection.run("UPDATE meta SET value = 'hnsw' WHERE name = 'index'")
    }
  }

  // MARK: Searching

  package func nearest(
    to query: [Float], filter: SearchFilter, limit: Int
  ) async throws -> [(id: Int64, cosine: Double)] {
    guard query.count == model.dimensions else {
      throw KnowledgeError.wrongVectors(
        reason: "the query has \(query.count) components, and the base \(model.dimensions)")
    }
    var values: [String?] = [Self.text(query), String(limit)]
    let condition = Self.condition(filter, &values)
    return try rows(
      """
      SELECT chunks.id, -(vectors.embedding <#> $1::halfvec) FROM vectors
      JOIN chunks ON chunks.key = vectors.key JOIN documents ON documents.id = chunks.document
      WHERE \(condition) ORDER BY vectors.embedding <#> $1::halfvec, chunks.id LIMIT $2
      """, values
    ).map { (Int64($0[0] ?? "") ?? 0, Double($0[1] ?? "") ?? 0) }
  }

  package func keywordMatches(_ query: String, filter: SearchFilter, limit: Int) async throws -> [Int64] {
    let terms = KeywordSegmenter.terms(of: query).map { term in
      switch term {
      case .word(let word): Self.quoted(word)
      case .prefix(let word): Self.quoted(word) + ":*"
      case .phrase(let words): "(" + words.map(Self.quoted).joined(separator: " <-> ") + ")"
      }
    }
    guard !terms.isEmpty else { return [] }
    var values: [String?] = [terms.joined(separator: " | "), String(limit)]
    let condition = Self.condition(filter, &values)
    return try rows(
      """
      SELECT chunks.id FROM chunks JOIN documents ON documents.id = chunks.document
      WHERE chunks.words @@ $1::tsquery AND \(condition)
      ORDER BY ts_rank('{0.5, 0.5, 0.5, 1}', chunks.words, $1::tsquery, 1) DESC, chunks.id LIMIT $2
      """, values
    ).map { Int64($0[0] ?? "") ?? 0 }
  }

  private static let passageColumns = """
    SELECT chunks.id, path, title, language, headings, first_byte, end_byte, first_page, last_page, first_line,
      last_line, tokens, passage
    FROM chunks JOIN documents ON documents.id = chunks.document
    """

  private static func passage(_ row: [String?]) -> Passage {
    func integer(_ column: Int) -> Int { Int(row[column] ?? "") ?? 0 }
    let pages = row[7].flatMap { Int($0) }.flatMap { first in
      row[8].flatMap { Int($0) }.map { first...max(first, $0) }
    }
    return Passage(
      id: Int64(row[0] ?? "") ?? 0, path: row[1] ?? "", title: row[2], language: row[3],
      headings: list(row[4] ?? ""), bytes: integer(5)..<max(integer(5), integer(6)), pages: pages,
      lines: integer(9)...max(integer(9), integer(10)), tokenCount: integer(11), text: row[12] ?? "")
  }

  package func passages(_ ids: [Int64]) async throws -> [Int64: Passage] {
    let list = "{" + ids.map(String.init).joined(separator: ",") + "}"
    let found = try rows(Self.passageColumns + " WHERE chunks.id = ANY ($1::bigint[])", [list])
    return Dictionary(uniqueKeysWithValues: found.map(Self.passage).map { ($0.id, $0) })
  }

  package func passages(of path: String) throws -> [Passage] {
    guard try document(path: path) != nil else { throw KnowledgeError.noDocument(path) }
    return try rows(Self.passageColumns + " WHERE path = $1 ORDER BY ordinal", [path]).map(Self.passage)
  }

  /// A condition on `documents`; its values go behind those that are there.
  private static func condition(_ filter: SearchFilter, _ values: inout [String?]) -> String {
    var parts: [String] = []
    func place(_ value: String) -> String {
      values.append(value)
      return "$\(values.count)"
    }
    if !filter.paths.isEmpty {
      let globs = filter.paths.map {
        "documents.path ~ \(place("^(.*/)?" + regularExpression(glob: $0) + "$"))"
      }
      parts.append("(" + globs.joined(separator: " OR ") + ")")
    }
    for (column, wanted) in [("language", filter.languages), ("format", filter.formats)] where !wanted.isEmpty
    {
      parts.append("documents.\(column) IN (" + wanted.map(place).joined(separator: ", ") + ")")
    }
    if let documents = filter.documents {
      var list: [UInt8] = []
      list.append(json: .array(documents.map(JSONValue.string)))
      let value = place(String(decoding: list, as: UTF8.self))
      parts.append("documents.path IN (SELECT jsonb_array_elements_text(\(value)::jsonb))")
    }
    return parts.isEmpty ? "true" : parts.joined(separator: " AND ")
  }

  /// `*`, `?` and `[…]` as SQLite's GLOB has them; everything else stands for itself.
  package static func regularExpression(glob: String) -> String {
    var result = ""
    let characters = Array(glob)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      index += 1
      switch character {
      case "*": result += ".*"
      case "?": result += "."
      case "[":
        guard let end = characters[index...].dropFirst().firstIndex(of: "]") else {
          result += "\\["
          continue
        }
        let inside = characters[index..<end].map { "\\[&~".contains($0) ? "\\\($0)" : String($0) }.joined()
        result += "[" + inside + "]"
        index = end + 1
      default:
        result += character.isLetter || character.isNumber || !character.isASCII ? "" : "\\"
        result.append(character)
      }
    }
    return result
  }

  private static func quoted(_ word: String) -> String {
    "'" + word.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
  }

  private static func list(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: "\n").map(String.init)
  }

  static func text(_ vector: [Float]) -> String {
    "[" + vector.map(\.description).joined(separator: ",") + "]"
  }

  // MARK: Documents

  private static let documentColumns = """
    SELECT path, bytes, modified, sha256, format, title, language, pages, chunking, warnings,
      (SELECT count(*) FROM chunks WHERE chunks.document = documents.id), id FROM documents
    """

  private static func document(_ row: [String?]) -> StoredDocument {
    func integer(_ column: Int) -> Int { Int(row[column] ?? "") ?? 0 }
    return StoredDocument(
      path: row[0] ?? "", byteCount: integer(1), modificationTime: integer(2), sha256: row[3] ?? "",
      format: DocumentFormat(rawValue: row[4] ?? "") ?? .text, title: row[5], language: row[6],
      pageCount: integer(7), chunkingKey: row[8] ?? "", warnings: list(row[9] ?? ""), chunkCount: integer(10))
  }

  package func documents(_ filter: SearchFilter = SearchFilter()) throws -> [StoredDocument] {
    var values: [String?] = []
    let condition = Self.condition(filter, &values)
    return try rows(
      Self.documentColumns + " WHERE \(condition) ORDER BY path COLLATE \"C\"", values
    ).map(Self.document)
  }

  package func document(path: String) throws -> StoredDocument? {
    try rows(Self.documentColumns + " WHERE path = $1", [path]).first.map(Self.document)
  }

  package func documentPaths() throws -> [String] {
    try rows("SELECT path FROM documents ORDER BY path COLLATE \"C\"").compactMap { $0[0] }
  }

  package func documentPaths(endingWith name: String) throws -> [String] {
    try rows(
      "SELECT path FROM documents WHERE right(path, char_length($1)) = $1 ORDER BY path COLLATE \"C\"",
      ["/" + name]
    ).compactMap { $0[0] }
  }

  package func failures() throws -> [FailedDocument] {
    try rows("SELECT path, modified, reason FROM failures ORDER BY path COLLATE \"C\"").map {
      FailedDocument(path: $0[0] ?? "", modificationTime: Int($0[1] ?? "") ?? 0, reason: $0[2] ?? "")
    }
  }

  package func summary() throws -> StoreSummary {
    let numbers = try rows(
      """
      SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks),
        (SELECT coalesce(sum(tokens), 0) FROM chunks), (SELECT count(*) FROM vectors),
        (SELECT count(*) FROM vectors WHERE NOT EXISTS (SELECT FROM chunks WHERE chunks.key = vectors.key)),
        (SELECT coalesce(sum(octet_length(content)), 0) FROM documents)
      """)[0].map { Int($0 ?? "") ?? 0 }
    var summary = StoreSummary()
    summary.documents = numbers[0]
    summary.chunks = numbers[1]
    summary.tokens = numbers[2]
    summary.vectors = numbers[3]
    summary.unusedVectors = numbers[4]
    summary.textBytes = numbers[5]
    summary.byLanguage = try rows(
      "SELECT coalesce(language, '?'), count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC, 1"
    ).map { ($0[0] ?? "", Int($0[1] ?? "") ?? 0) }
    return summary
  }

  package func baseFacts() throws -> BaseFacts {
    BaseFacts(
      model: model, keepsFloats: keepsFloats, chunking: try chunking()?.settings, vectors: try note("vectors")
    )
  }

  private func meta(_ name: String) throws -> String? {
    try rows("SELECT value FROM meta WHERE name = $1", [name]).first?[0]
  }

  private func setMeta(_ name: String, _ value: String) throws {
    _ = try rows(
      "INSERT INTO meta VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [name, value])
  }

  package func chunking() throws -> ChunkingOptions? {
    try meta("chunking").flatMap(ChunkingOptions.init(settings:))
  }
  package func setChunking(_ options: ChunkingOptions) throws { try setMeta("chunking", options.settings) }
  package func note(_ name: String) throws -> String? { try meta("note " + name) }
  package func setNote(_ name: String, _ value: String) throws { try setMeta("note " + name, value) }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    for path in try documentPaths() {
      guard let row = try rows(Self.documentColumns + " WHERE path = $1", [path]).first,
        let id = row[11],
        let content = try rows("SELECT content FROM documents WHERE id = $1", [id]).first?[0]
      else { continue }
      var moved = MovedDocument(
        document: Self.document(row), text: Array(content.utf8), chunks: [], keys: [], vectors: [])
      for row in try rows(
        """
        SELECT first_byte, end_byte, lead, headings, first_page, last_page, first_line, last_line, tokens,
          encode(chunks.key, 'hex'), scale, coalesce(components::text, embedding::text)
        FROM chunks JOIN vectors ON vectors.key = chunks.key WHERE document = $1 ORDER BY ordinal
        """, [id])
      {
        func integer(_ column: Int) -> Int { Int(row[column] ?? "") ?? 0 }
        let pages = row[4].flatMap { Int($0) }.flatMap { first in
          row[5].flatMap { Int($0) }.map { first...max(first, $0) }
        }
        moved.chunks.append(
          Chunk(
            bytes: integer(0)..<max(integer(0), integer(1)), lead: row[2] ?? "",
            headings: Self.list(row[3] ?? ""), pages: pages,
            lines: integer(6)...max(integer(6), integer(7)), tokenCount: integer(8)))
        moved.keys.append(MovedRow.bytes(hexadecimal: row[9] ?? "") ?? [])
        let components = (row[11] ?? "").dropFirst().dropLast().split(separator: ",").map {
          Float($0) ?? .nan
        }
        moved.vectors.append(
          try StoredVector(
            components: components, scale: Float(row[10] ?? "") ?? .nan, isExact: keepsFloats))
      }
      try await body(moved)
    }
  }

  // MARK: Writing

  /// A transaction while no other program writes to this base: two that bring the same documents take turns.
  private func writing<Result: Sendable>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    let lock = "touchstone knowledge base " + schema
    return try connection.withLock { box in
      let connection = box.connection
      return try connection.transaction {
        _ = try connection.rows("SELECT pg_advisory_xact_lock(hashtext($1))", [lock])
        return try body(connection)
      }
    }
  }

  package func missing(_ keys: [[UInt8]]) throws -> [[UInt8]] {
    guard !keys.isEmpty else { return [] }
    let list = "{" + keys.map { "\"\\\\x" + Self.hexadecimal($0) + "\"" }.joined(separator: ",") + "}"
    let known = Set(
      try rows("SELECT encode(key, 'hex') FROM vectors WHERE key = ANY ($1::bytea[])", [list]).compactMap {
        $0[0]
      })
    var seen: Set<[UInt8]> = []
    return keys.filter { seen.insert($0).inserted && !known.contains(Self.hexadecimal($0)) }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map(MovedRow.hexadecimal).joined() }

  package func add(_ vectors: [(key: [UInt8], values: [Float])]) throws {
    for vector in vectors
    where vector.values.count != model.dimensions || !vector.values.allSatisfy(\.isFinite) {
      throw KnowledgeError.wrongVectors(
        reason:
          "one has \(vector.values.count) components or one that is not finite, needed are \(model.dimensions)"
      )
    }
    let keepsFloats = keepsFloats
    try writing { connection in
      for vector in vectors {
        try Self.insert(
          vector.key, StoredVector(vector.values, keepsFloats: keepsFloats), connection)
      }
    }
  }

  private static func insert(
    _ key: [UInt8], _ vector: StoredVector, _ connection: PostgresConnection
  ) throws {
    let quantized = StoredVector(quantized: vector.quantized, floats: nil)
    try connection.rows(
      """
      INSERT INTO vectors VALUES (decode($1, 'hex'), $2::halfvec, $3::real, $4::real[]) ON CONFLICT (key) DO NOTHING
      """,
      [
        hexadecimal(key), text(quantized.components), vector.quantized.scale.description,
        vector.floats.map { "{" + $0.map(\.description).joined(separator: ",") + "}" },
      ])
  }

  package func replace(_ documents: [PreparedDocument]) throws {
    try writing { connection in
      for document in documents { try Self.replace(document, connection) }
    }
  }

  package func take(_ documents: [MovedDocument]) async throws {
    for moved in documents {
      try moved.validate(dimensions: model.dimensions)
      guard !keepsFloats || moved.vectors.allSatisfy({ $0.floats != nil }) else {
        throw KnowledgeError.wrongVectors(reason: "the base keeps float32 vectors, and the others are bytes")
      }
    }
    try writing { connection in
      for moved in documents {
        for (key, vector) in zip(moved.keys, moved.vectors) {
          try Self.insert(key, vector, connection)
        }
        try Self.replace(
          PreparedDocument(
            document: moved.document, text: moved.text, chunks: moved.chunks, keys: moved.keys),
          connection)
      }
    }
  }

  private static func replace(_ prepared: PreparedDocument, _ connection: PostgresConnection) throws {
    let document = prepared.document
    try connection.rows("DELETE FROM documents WHERE path = $1", [document.path])
    let id = try connection.rows(
      """
      INSERT INTO documents (path, bytes, modified, sha256, format, title, language, pages, chunking, warnings, content)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id
      """,
      [
        document.path, String(document.byteCount), String(document.modificationTime), document.sha256,
        document.format.rawValue, document.title, document.language, String(document.pageCount),
        document.chunkingKey, document.warnings.joined(separator: "\n"),
        String(decoding: prepared.text, as: UTF8.self),
      ])[0][0]
    for (ordinal, (chunk, key)) in zip(prepared.chunks, prepared.keys).enumerated() {
      let passage = String(decoding: prepared.text[chunk.bytes], as: UTF8.self)
      let titles = ((document.title.map { [$0] } ?? []) + chunk.headings).joined(separator: "\n")
      try connection.rows(
        """
        INSERT INTO chunks (document, ordinal, first_byte, end_byte, lead, headings, first_page, last_page, first_line,
          last_line, tokens, key, passage, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13, $14::tsvector)
        """,
        [
          id, String(ordinal), String(chunk.bytes.lowerBound), String(chunk.bytes.upperBound), chunk.lead,
          chunk.headings.joined(separator: "\n"), chunk.pages.map { String($0.lowerBound) },
          chunk.pages.map { String($0.upperBound) }, String(chunk.lines.lowerBound),
          String(chunk.lines.upperBound), String(chunk.tokenCount), hexadecimal(key), passage,
          words(titles: titles, passage: passage),
        ])
    }
    try connection.rows("DELETE FROM failures WHERE path = $1", [document.path])
  }

  /// A tsvector in its own words: our division, their places, headings with the weight A.
  private static func words(titles: String, passage: String) -> String {
    var places: [String: [String]] = [:]
    var position = 1
    for (text, weight) in [(titles, "A"), (passage, "")] {
      for word in KeywordSegmenter.indexed(text).split(separator: " ") {
        // PostgreSQL counts to 16383 and keeps 256 places of a word, and 2 KiB of it.
        guard word.utf8.count < 2_000 else { continue }
        if places[String(word), default: []].count < 255 {
          places[String(word), default: []].append("\(min(position, 16_383))\(weight)")
        }
        position += 1
      }
      // No phrase goes from the headings into the passage.
      position += 2
    }
    return places.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value.joined(separator: ","))" }
      .joined(separator: " ")
  }

  package func touch(_ path: String, modificationTime: Int) throws {
    _ = try rows("UPDATE documents SET modified = $2 WHERE path = $1", [path, String(modificationTime)])
  }

  package func fail(_ failure: FailedDocument) throws {
    _ = try rows(
      """
      INSERT INTO failures VALUES ($1, $2, $3)
      ON CONFLICT (path) DO UPDATE SET modified = excluded.modified, reason = excluded.reason
      """, [failure.path, String(failure.modificationTime), failure.reason])
  }

  package func remove(_ paths: [String]) throws -> Int {
    try writing { connection in
      var count = 0
      for path in paths {
        count += try connection.rows("DELETE FROM documents WHERE path = $1 RETURNING 1", [path]).count
        try connection.rows("DELETE FROM failures WHERE path = $1", [path])
      }
      return count
    }
  }
}

/// Reads a base of a server for another store.
package struct PostgresSource: DocumentSource {
  private let store: PostgresStore
  package let facts: BaseFacts

  package init(_ address: PostgresAddress) throws {
    store = try PostgresStore(address)
    facts = try store.baseFacts()
  }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    try await store.forEachDocument(body)
  }
}

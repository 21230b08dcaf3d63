import Chunking
import Documents
import Foundation
import GRDB
import Hashing
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A knowledge base in a folder: `catalogue.sqlite`, `vectors-N.seg`, `lock`. One writer by the lock of the
/// system, readers any number. Killed at any moment it opens again and is whole: rows are on the disk before
/// the transaction that names them, and rows that none names are cut off.
package final class EmbeddedStore: PassageSource {
  package let path: String
  package let model: ModelIdentity
  package let keepsFloats: Bool
  let database: DatabasePool
  let modelID: Int64
  /// Held by a writer until it ends, also by a signal.
  private let lock: FileLock?
  private let state = Mutex(State())

  private struct State: Sendable {
    var segments: [Int64: SegmentReader] = [:]
    var rows: (generation: Int, rows: [RowReference])?
  }

  /// A passage's vector.
  struct RowReference: Sendable {
    var segment: Int64
    var row: Int
    var chunk: Int64
  }

  // MARK: Opening

  package static func exists(at path: String) -> Bool { access(path + "/catalogue.sqlite", F_OK) == 0 }

  /// Opens for reading, whatever model made it. On a file system that nobody can write to, the base is read
  /// as it was when it was opened.
  package static func reader(at path: String) throws -> EmbeddedStore {
    guard exists(at: path) else { throw KnowledgeError.noBase(path: path) }
    do {
      return try EmbeddedStore(path: path, pool: pool(at: path, isReader: true), lock: nil)
    } catch let error as KnowledgeError {
      guard case .io = error else { throw error }
      if access(path, W_OK) == 0 {
        // A writer was killed within a transaction that only a writer may roll back.
        _ = try pool(at: path, isReader: false)
        return try EmbeddedStore(path: path, pool: pool(at: path, isReader: true), lock: nil)
      }
      guard errno == EROFS else {
        throw KnowledgeError.io(
          path: path,
          reason:
            "SQLite keeps locks beside the catalogue; allow this user to write to the folder, or copy the base"
        )
      }
      return try unchangingReader(at: path)
    }
  }

  /// Without locks, and without the files that SQLite makes for them.
  ///
  /// - Precondition: Nobody writes to the base while it is read.
  package static func unchangingReader(at path: String) throws -> EmbeddedStore {
    var status = stat()
    guard stat(path + "/catalogue.sqlite-wal", &status) != 0 || status.st_size == 0 else {
      throw KnowledgeError.io(
        path: path + "/catalogue.sqlite-wal",
        reason: "a writer has left changes there; open the base once where it can be written to")
    }
    return try EmbeddedStore(path: path, pool: pool(at: path, isReader: true, isUnchanging: true), lock: nil)
  }

  /// Opens for writing, and makes the folder where there is none.
  ///
  /// - Parameter model: what a new base is for; of an existing one it must be the model.
  package static func writer(
    at path: String, model: ModelIdentity?, keepsFloats: Bool = false
  ) throws -> EmbeddedStore {
    let isNew = !exists(at: path)
    if isNew {
      guard model != nil else { throw KnowledgeError.noBase(path: path) }
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
        throw KnowledgeError.io(path: path, reason: String(cString: strerror(errno)))
      }
      guard isEmptyFolder(path) else { throw KnowledgeError.notABase(path: path) }
    }
    let lock = try FileLock(path + "/lock", base: path)
    let pool = try pool(at: path, isReader: false)
    try Self.naming(path) {
      try pool.write { database in
        // Another first writer may have been killed between the file and its tables.
        guard try !database.tableExists("meta") else { return }
        guard let model else { throw KnowledgeError.noBase(path: path) }
        try Catalogue.create(database)
        try insert(model, keepsFloats: keepsFloats, isActive: true, database)
      }
    }
    let store = try EmbeddedStore(path: path, pool: pool, lock: lock)
    if let model, model.fingerprint != store.model.fingerprint {
      throw KnowledgeError.otherModel(base: store.model, asked: model)
    }
    try store.removeLeftovers()
    return store
  }

  private static func pool(
    at path: String, isReader: Bool, isUnchanging: Bool = false
  ) throws -> DatabasePool {
    var file = path + "/catalogue.sqlite"
    if isUnchanging {
      let letters = CharacterSet(charactersIn: "/-._~").union(.alphanumerics)
      let encoded = file.addingPercentEncoding(withAllowedCharacters: letters) ?? file
      file = "file:\(encoded)?immutable=1"
    }
    return try naming(path) {
      try DatabasePool(path: file, configuration: Catalogue.configuration(isReader: isReader))
    }
  }

  /// Ends writing through this store: another writer may be opened, although this store is not gone yet.
  package func endWriting() { lock?.release() }

  private static func insert(
    _ model: ModelIdentity, keepsFloats: Bool, isActive: Bool, _ database: Database
  ) throws {
    try database.execute(
      sql:
        "INSERT INTO models (fingerprint, name, dimensions, keeps_floats, is_active) VALUES (?, ?, ?, ?, ?)",
      arguments: [model.fingerprint, model.name, model.dimensions, keepsFloats, isActive])
  }

  private static func isEmptyFolder(_ path: String) -> Bool {
    guard let folder = opendir(path) else { return false }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // A first writer that was killed leaves these.
      if ![".", "..", "lock"].contains(name), !name.hasPrefix("catalogue.sqlite") { return false }
    }
    return true
  }

  private init(path: String, pool: DatabasePool, lock: FileLock?) throws {
    self.path = path
    self.lock = lock
    database = pool
    let found = try Self.naming(path) {
      try pool.read { database -> (Int64, ModelIdentity, Bool) in
        guard try database.tableExists("meta") else { throw KnowledgeError.noBase(path: path) }
        let version = try Catalogue.int("version", database) ?? 0
        guard version == Catalogue.version else {
          throw KnowledgeError.otherVersion(path: path, found: version, supported: Catalogue.version)
        }
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM models WHERE is_active") else {
          throw KnowledgeError.damaged(path: path, reason: "it names no model")
        }
        return (
          try row.value("id"),
          ModelIdentity(
            name: try row.value("name"), fingerprint: try row.value("fingerprint"),
            dimensions: try row.value("dimensions")),
          try row.value("keeps_floats")
        )
      }
    }
    (modelID, model, keepsFloats) = found
    guard SegmentLayout.dimensionRange.contains(model.dimensions), model.fingerprint.utf8.count <= 200 else {
      throw KnowledgeError.damaged(
        path: path + "/catalogue.sqlite",
        reason: "its model has \(model.dimensions) dimensions and the fingerprint \(model.fingerprint.quoted)"
      )
    }
  }

  func layout(_ model: ModelIdentity, keepsFloats: Bool) -> SegmentLayout {
    SegmentLayout(fingerprint: model.fingerprint, dimensions: model.dimensions, keepsFloats: keepsFloats)
  }

  func segmentPath(_ id: Int64) -> String { "\(path)/vectors-\(id).seg" }

  /// Files of segments that the catalogue does not know, from a process that was killed.
  private func removeLeftovers() throws {
    let known = Set(
      try read { try Int64.fetchAll($0, sql: "SELECT id FROM segments") }.map { "vectors-\($0).seg" }
    )
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix("vectors-"), name.hasSuffix(".seg"), !known.contains(name) {
        unlink("\(path)/\(name)")
      }
    }
    if try read({ try Catalogue.int("segmenter", $0) }) != KeywordSegmenter.version {
      try rebuildWords()
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
    let (rows, segments) = try references(filter)
    let depth = keepsFloats ? VectorScan.refinedDepth * limit : limit
    var matches = VectorScan.best(rows, segments, QueryVector(query), limit: depth)
    if keepsFloats { matches = VectorScan.refined(matches, segments, query, limit: limit) }
    return matches.map { ($0.chunk, $0.cosine) }
  }

  /// The rows that pass the filter, in the order of the files, and their files.
  func references(_ filter: SearchFilter) throws -> ([RowReference], [Int64: SegmentReader]) {
    let before = try read { try Catalogue.int("generation", $0) }
    do {
      return try referencesOnce(filter)
    } catch let error as KnowledgeError {
      // A writer may have swapped files between the look at the catalogue and the look at a file.
      guard case .damaged = error, try read({ try Catalogue.int("generation", $0) }) != before else {
        throw error
      }
      return try referencesOnce(filter)
    }
  }

  private func referencesOnce(_ filter: SearchFilter) throws -> ([RowReference], [Int64: SegmentReader]) {
    try read { database in
      let generation = try Catalogue.int("generation", database) ?? 0
      let known = state.withLock(\.self)
      var rows: [RowReference]
      if filter.isEmpty, let cached = known.rows, cached.generation == generation {
        rows = cached.rows
      } else {
        let (condition, arguments) = Catalogue.condition(filter)
        rows = []
        let cursor = try Row.fetchCursor(
          database,
          sql: """
            SELECT vectors.segment, vectors.row, chunks.id FROM chunks
            JOIN vectors ON vectors.id = chunks.vector JOIN documents ON documents.id = chunks.document
            WHERE \(condition)
            """, arguments: arguments)
        while let row = try cursor.next() {
          rows.append(
            RowReference(
              segment: try row.value(at: 0), row: try row.value(at: 1), chunk: try row.value(at: 2)))
        }
        rows.sort { ($0.segment, $0.row, $0.chunk) < ($1.segment, $1.row, $1.chunk) }
      }
      var segments: [Int64: SegmentReader] = [:]
      let stored = try Row.fetchAll(
        database,
        sql: """
          SELECT segments.id, segments.rows, models.fingerprint, models.dimensions, models.keeps_floats
          FROM segments JOIN models ON models.id = segments.model WHERE models.is_active
          """)
      for row in stored {
        let (id, count): (Int64, Int) = (try row.value("id"), try row.value("rows"))
        guard count > 0 else { continue }
        let layout = SegmentLayout(
          fingerprint: try row.value("fingerprint"), dimensions: try row.value("dimensions"),
          keepsFloats: try row.value("keeps_floats"))
        if layout.fingerprint != model.fingerprint || layout.dimensions != model.dimensions {
          throw KnowledgeError.damaged(
            path: path, reason: "it was embedded again with another model meanwhile")
        }
        guard count <= Self.rowsInSegment else {
          throw KnowledgeError.damaged(path: segmentPath(id), reason: "it has \(count) rows")
        }
        if let open = known.segments[id], open.rowCount == count {
          segments[id] = open
        } else {
          segments[id] = try SegmentReader(path: segmentPath(id), layout: layout, rows: count)
        }
      }
      for row in rows where segments[row.segment].map({ row.row >= $0.rowCount || row.row < 0 }) ?? true {
        throw KnowledgeError.damaged(path: segmentPath(row.segment), reason: "row \(row.row) is missing")
      }
      let (all, opened) = (rows, segments)
      state.withLock {
        $0.segments = opened
        if filter.isEmpty { $0.rows = (generation, all) }
      }
      return (rows, segments)
    }
  }

  package func keywordMatches(
    _ query: String, filter: SearchFilter, limit: Int
  ) async throws -> [Int64] {
    guard let expression = KeywordSegmenter.expression(for: query) else { return [] }
    let (condition, values) = Catalogue.condition(filter)
    var arguments: StatementArguments = [expression]
    var inside = ""
    if !filter.isEmpty {
      // The sign keeps SQLite from asking the index once for every row that passes the filter.
      inside =
        "AND +rowid IN (SELECT chunks.id FROM chunks JOIN documents ON documents.id = chunks.document WHERE \(condition))"
      arguments += values
    }
    arguments += [limit]
    return try await read { [inside, arguments] database in
      try Int64.fetchAll(
        database,
        sql:
          "SELECT rowid FROM words WHERE words MATCH ? \(inside) ORDER BY bm25(words, 2, 1), rowid LIMIT ?",
        arguments: arguments)
    }
  }

  package func passages(_ ids: [Int64]) async throws -> [Int64: Passage] {
    try await read { database in
      var passages: [Int64: Passage] = [:]
      var texts: [Int64: [UInt8]] = [:]
      for id in ids {
        guard
          let row = try Row.fetchOne(
            database,
            sql: """
              SELECT chunks.*, documents.path, documents.title, documents.language FROM chunks
              JOIN documents ON documents.id = chunks.document WHERE chunks.id = ?
              """, arguments: [id])
        else { continue }
        let document: Int64 = try row.value("document")
        if texts[document] == nil { texts[document] = try self.text(of: document, database) }
        passages[id] = try self.passage(row, text: texts[document]!)
      }
      return passages
    }
  }

  private func passage(_ row: Row, text: [UInt8]) throws -> Passage {
    let bytes = try range(row, in: text)
    let (pages, lines) = try Self.place(row)
    return Passage(
      id: try row.value("id"), path: try row.value("path"), title: try row.value("title"),
      language: try row.value("language"),
      headings: Self.list(try row.value("headings")), bytes: bytes,
      pages: pages, lines: lines, tokenCount: try row.value("tokens"),
      text: String(decoding: text[bytes], as: UTF8.self))
  }

  func text(of document: Int64, _ database: Database) throws -> [UInt8] {
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT bytes, packed FROM texts WHERE document = ?", arguments: [document]),
      let text = Deflate.unpacked(
        Array(try row.value("packed") as Data)[...], byteCount: try row.value("bytes"))
    else {
      throw KnowledgeError.damaged(
        path: path, reason: "the text of document \(document) is missing or damaged")
    }
    return text
  }

  /// Lists are kept one element a line; collapsed headings have no line breaks.
  static func list(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: "\n").map(String.init)
  }
  static func text(_ list: [String]) -> String { list.joined(separator: "\n") }

  // MARK: Documents

  private static let documentColumns = """
    SELECT documents.*, (SELECT count(*) FROM chunks WHERE chunks.document = documents.id) AS chunk_count FROM documents
    """

  private static func document(_ row: Row) throws -> StoredDocument {
    StoredDocument(
      path: try row.value("path"), byteCount: try row.value("bytes"),
      modificationTime: try row.value("modified"), sha256: try row.value("sha256"),
      format: DocumentFormat(rawValue: try row.value("format")) ?? .text, title: try row.value("title"),
      language: try row.value("language"),
      pageCount: try row.value("pages"), chunkingKey: try row.value("chunking"),
      warnings: list(try row.value("warnings")),
      chunkCount: try row.value("chunk_count"))
  }

  package func documents(_ filter: SearchFilter = SearchFilter()) throws -> [StoredDocument] {
    let (condition, arguments) = Catalogue.condition(filter)
    return try read { database in
      try Row.fetchAll(
        database, sql: "\(Self.documentColumns) WHERE \(condition) ORDER BY path", arguments: arguments
      ).map(Self.document)
    }
  }

  package func document(path: String) throws -> StoredDocument? {
    try read { database in
      try Row.fetchOne(database, sql: "\(Self.documentColumns) WHERE path = ?", arguments: [path]).map(
        Self.document)
    }
  }

  package func documentPaths(endingWith name: String) throws -> [String] {
    let escaped = name.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    return try read { database in
      try String.fetchAll(
        database, sql: "SELECT path FROM documents WHERE path LIKE ? ESCAPE '\\' ORDER BY path",
        arguments: ["%/" + escaped])
    }
  }

  package func passages(of path: String) throws -> [Passage] {
    try read { database in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT id FROM documents WHERE path = ?", arguments: [path])
      else { throw KnowledgeError.noDocument(path) }
      let text = try self.text(of: id, database)
      return try Row.fetchAll(
        database,
        sql: """
          SELECT chunks.*, documents.path, documents.title, documents.language FROM chunks
          JOIN documents ON documents.id = chunks.document WHERE document = ? ORDER BY ordinal
          """, arguments: [id]
      ).map { try self.passage($0, text: text) }
    }
  }

  /// How its documents were cut last.
  package func chunking() throws -> ChunkingOptions? {
    try read { try Catalogue.text("chunking", $0) }.flatMap(ChunkingOptions.init(settings:))
  }

  /// Remarks of whoever uses the base: which options its vectors were made with, for example.
  package func note(_ name: String) throws -> String? {
    try read { try Catalogue.text("note " + name, $0) }
  }

  package func setNote(_ name: String, _ value: String) throws {
    try write { try Catalogue.set("note " + name, value, $0) }
  }

  package func failures() throws -> [FailedDocument] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM failures ORDER BY path").map {
        FailedDocument(
          path: try $0.value("path"), modificationTime: try $0.value("modified"),
          reason: try $0.value("reason"))
      }
    }
  }

  package func summary() throws -> StoreSummary {
    try read { database in
      func int(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
      var summary = StoreSummary()
      summary.documents = try int("SELECT count(*) FROM documents")
      summary.chunks = try int("SELECT count(*) FROM chunks")
      summary.tokens = try int("SELECT coalesce(sum(tokens), 0) FROM chunks")
      summary.vectors = try int(
        "SELECT count(*) FROM vectors JOIN models ON models.id = vectors.model WHERE is_active")
      summary.unusedVectors = summary.vectors - (try int("SELECT count(DISTINCT vector) FROM chunks"))
      summary.textBytes = try int("SELECT coalesce(sum(bytes), 0) FROM texts")
      summary.byLanguage = try Row.fetchAll(
        database,
        sql: "SELECT coalesce(language, '?'), count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC, 1"
      ).map { (try $0.value(at: 0), try $0.value(at: 1)) }
      return summary
    }
  }

  // MARK: Writing

  /// The keys without a vector, each once, in their order.
  package func missing(_ keys: [[UInt8]]) throws -> [[UInt8]] {
    try missing(keys, model: modelID)
  }

  private func missing(_ keys: [[UInt8]], model: Int64) throws -> [[UInt8]] {
    try read { database in
      let statement = try database.makeStatement(sql: "SELECT 1 FROM vectors WHERE model = ? AND key = ?")
      var seen: Set<[UInt8]> = []
      return try keys.filter { key in
        guard seen.insert(key).inserted else { return false }
        return try Row.fetchOne(statement, arguments: [model, Self.blob(key)]) == nil
      }
    }
  }

  static func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

  /// Writes vectors: rows first, on the disk, then their names in one transaction.
  package func add(_ vectors: [(key: [UInt8], values: [Float])]) throws {
    try add(vectors, model: modelID, layout: layout(model, keepsFloats: keepsFloats))
  }

  /// Vectors of another store, as it kept them.
  func addStored(_ vectors: [(key: [UInt8], vector: StoredVector)]) throws {
    let layout = layout(model, keepsFloats: keepsFloats)
    let rows = try vectors.map { entry in
      // Bytes alone can fill a base that keeps float32 no more than an embedder could.
      guard !keepsFloats || entry.vector.floats != nil else {
        throw KnowledgeError.wrongVectors(reason: "the base keeps float32 vectors, and the others are bytes")
      }
      return (entry.key, layout.row(entry.vector.quantized, floats: entry.vector.floats))
    }
    try add(rows: rows, model: modelID, layout: layout)
  }

  static let rowsInSegment = 1 << 20

  private func add(_ vectors: [(key: [UInt8], values: [Float])], model: Int64, layout: SegmentLayout) throws {
    for vector in vectors {
      guard vector.values.count == layout.dimensions, vector.values.allSatisfy(\.isFinite) else {
        throw KnowledgeError.wrongVectors(
          reason:
            "one has \(vector.values.count) components or one that is not finite, needed are \(layout.dimensions)"
        )
      }
    }
    try add(rows: vectors.map { ($0.key, layout.row($0.values)) }, model: model, layout: layout)
  }

  private func add(rows vectors: [(key: [UInt8], bytes: [UInt8])], model: Int64, layout: SegmentLayout) throws
  {
    guard !vectors.isEmpty else { return }
    precondition(lock?.isHeld == true, "a reader does not write")
    let current = try read { database in
      try Row.fetchOne(
        database, sql: "SELECT id, rows FROM segments WHERE model = ? AND rows < ? ORDER BY id DESC",
        arguments: [model, Self.rowsInSegment])
    }
    let isNew = current == nil
    let id: Int64 =
      if let current { try current.value("id") } else {
        try read { try Int64.fetchOne($0, sql: "SELECT coalesce(max(id), 0) + 1 FROM segments")! }
      }
    let committed = try current.map { try $0.value("rows") as Int } ?? 0
    guard committed >= 0 else {
      throw KnowledgeError.damaged(path: segmentPath(id), reason: "it has \(committed) rows")
    }
    let writer = try SegmentWriter(path: segmentPath(id), layout: layout, committedRows: committed)
    var rows: [Int] = []
    for vector in vectors { rows.append(try writer.append(bytes: vector.bytes)) }
    try writer.synchronize()
    if isNew { try Self.synchronizeFolder(path) }
    try write { database in
      try database.execute(
        sql: "INSERT INTO segments VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET rows = excluded.rows",
        arguments: [id, model, writer.rowCount])
      let statement = try database.makeStatement(
        sql: "INSERT INTO vectors (model, key, segment, row) VALUES (?, ?, ?, ?)")
      for (vector, row) in zip(vectors, rows) {
        try statement.execute(arguments: [model, Self.blob(vector.key), id, row])
      }
      try Catalogue.advance(database)
    }
  }

  static func synchronizeFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    fsync(descriptor)
  }

  /// Puts documents in the place of those with their paths, in one transaction. All vectors must be there.
  package func replace(_ documents: [PreparedDocument]) throws {
    try write { database in
      for prepared in documents { try replace(prepared, database) }
      try Catalogue.advance(database)
    }
  }

  private func replace(_ prepared: PreparedDocument, _ database: Database) throws {
    let document = prepared.document
    try remove(document.path, database)
    try database.execute(
      sql: """
        INSERT INTO documents (path, bytes, modified, sha256, format, title, language, pages, chunking, warnings)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        document.path, document.byteCount, document.modificationTime, document.sha256,
        document.format.rawValue,
        document.title, document.language, document.pageCount, document.chunkingKey,
        Self.text(document.warnings),
      ])
    let id = database.lastInsertedRowID
    try database.execute(
      sql: "INSERT INTO texts VALUES (?, ?, ?)",
      arguments: [id, prepared.text.count, Self.blob(Deflate.packed(prepared.text))])
    let insert = try database.makeStatement(
      sql: """
        INSERT INTO chunks (document, ordinal, start, end, lead, headings, first_page, last_page, first_line, last_line,
          tokens, key, vector)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM vectors WHERE model = ? AND key = ?))
        """)
    let words = try database.makeStatement(sql: "INSERT INTO words (rowid, headings, body) VALUES (?, ?, ?)")
    for (ordinal, (chunk, key)) in zip(prepared.chunks, prepared.keys).enumerated() {
      try insert.execute(arguments: [
        id, ordinal, chunk.bytes.lowerBound, chunk.bytes.upperBound, chunk.lead, Self.text(chunk.headings),
        chunk.pages?.lowerBound, chunk.pages?.upperBound, chunk.lines.lowerBound, chunk.lines.upperBound,
        chunk.tokenCount, Self.blob(key), modelID, Self.blob(key),
      ])
      let (headings, body) = Self.words(
        headings: chunk.headings, title: document.title,
        body: String(decoding: prepared.text[chunk.bytes], as: UTF8.self))
      try words.execute(arguments: [database.lastInsertedRowID, headings, body])
    }
    try database.execute(sql: "DELETE FROM failures WHERE path = ?", arguments: [document.path])
  }

  private static func words(headings: [String], title: String?, body: String) -> (String, String) {
    (
      KeywordSegmenter.indexed(((title.map { [$0] } ?? []) + headings).joined(separator: "\n")),
      KeywordSegmenter.indexed(body)
    )
  }

  /// - Returns: whether there was such a document.
  @discardableResult
  private func remove(_ path: String, _ database: Database) throws -> Bool {
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT id, title FROM documents WHERE path = ?", arguments: [path])
    else { return false }
    let id: Int64 = try row.value("id")
    let text = try self.text(of: id, database)
    // A contentless index forgets words only when told which they were.
    let chunks = try Row.fetchAll(
      database, sql: "SELECT id, start, end, headings FROM chunks WHERE document = ?", arguments: [id])
    for chunk in chunks {
      let (headings, body) = Self.words(
        headings: Self.list(try chunk.value("headings")), title: try row.value("title"),
        body: try string(chunk, in: text))
      try database.execute(
        sql: "INSERT INTO words (words, rowid, headings, body) VALUES ('delete', ?, ?, ?)",
        arguments: [try chunk.value("id") as Int64, headings, body])
    }
    for table in ["chunks", "texts"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE document = ?", arguments: [id])
    }
    try database.execute(sql: "DELETE FROM documents WHERE id = ?", arguments: [id])
    return true
  }

  /// Removes documents; their vectors stay for texts that come back. - Returns: how many there were.
  package func remove(_ paths: [String]) throws -> Int {
    try write { database in
      var count = 0
      for path in paths where try remove(path, database) { count += 1 }
      for path in paths {
        try database.execute(sql: "DELETE FROM failures WHERE path = ?", arguments: [path])
      }
      try Catalogue.advance(database)
      return count
    }
  }

  /// Notes that a file has the same bytes as before, whatever its time.
  package func touch(_ path: String, modificationTime: Int) throws {
    try write {
      try $0.execute(
        sql: "UPDATE documents SET modified = ? WHERE path = ?", arguments: [modificationTime, path])
    }
  }

  package func fail(_ failure: FailedDocument) throws {
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO failures VALUES (?, ?, ?)",
        arguments: [failure.path, failure.modificationTime, failure.reason])
    }
  }

  package func setChunking(_ options: ChunkingOptions) throws {
    try write { try Catalogue.set("chunking", options.settings, $0) }
  }

  private func rebuildWords() throws {
    try write { database in
      try database.execute(sql: "INSERT INTO words (words) VALUES ('delete-all')")
      for id in try Int64.fetchAll(database, sql: "SELECT id FROM documents") {
        let text = try self.text(of: id, database)
        let title = try String.fetchOne(
          database, sql: "SELECT title FROM documents WHERE id = ?", arguments: [id])
        for chunk in try Row.fetchAll(
          database, sql: "SELECT id, start, end, headings FROM chunks WHERE document = ?", arguments: [id])
        {
          let (headings, body) = Self.words(
            headings: Self.list(try chunk.value("headings")), title: title, body: try string(chunk, in: text))
          try database.execute(
            sql: "INSERT INTO words (rowid, headings, body) VALUES (?, ?, ?)",
            arguments: [try chunk.value("id") as Int64, headings, body])
        }
      }
      try Catalogue.set("segmenter", KeywordSegmenter.version, database)
    }
  }

  // MARK: Embedding again

  /// A key and the text that is embedded, for keys that `model` has no vector of: at most `limit`, behind
  /// `chunk`.
  func textsToEmbed(
    for other: ModelIdentity, keepsFloats: Bool, after chunk: Int64, limit: Int
  ) throws -> (texts: [(key: [UInt8], text: String)], last: Int64, isEnd: Bool) {
    try read { database in
      let id =
        try Int64.fetchOne(
          database, sql: "SELECT id FROM models WHERE fingerprint = ?", arguments: [other.fingerprint]) ?? 0
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT id, document, start, end, lead, key FROM chunks WHERE id > ? ORDER BY id LIMIT ?",
        arguments: [chunk, limit])
      var cached: (id: Int64, text: [UInt8])?
      var seen: Set<[UInt8]> = []
      var texts: [(key: [UInt8], text: String)] = []
      for row in rows {
        let key = Array(try row.value("key") as Data)
        guard seen.insert(key).inserted,
          try Row.fetchOne(
            database, sql: "SELECT 1 FROM vectors WHERE model = ? AND key = ?",
            arguments: [id, Self.blob(key)]) == nil
        else { continue }
        let document: Int64 = try row.value("document")
        if cached?.id != document { cached = (document, try self.text(of: document, database)) }
        texts.append((key, (try row.value("lead") as String) + (try string(row, in: cached!.text))))
      }
      return (texts, try rows.last.map { try $0.value("id") } ?? chunk, rows.count < limit)
    }
  }

  /// Writes vectors of another model beside those in use.
  func add(_ vectors: [(key: [UInt8], values: [Float])], of other: ModelIdentity, keepsFloats: Bool) throws {
    let id = try write { database -> Int64 in
      if let id = try Int64.fetchOne(
        database, sql: "SELECT id FROM models WHERE fingerprint = ?", arguments: [other.fingerprint])
      {
        return id
      }
      try Self.insert(other, keepsFloats: keepsFloats, isActive: false, database)
      return database.lastInsertedRowID
    }
    try add(vectors, model: id, layout: layout(other, keepsFloats: keepsFloats))
  }

  /// Makes another model's vectors those in use, in one transaction, and takes the old files away.
  func activate(_ other: ModelIdentity) throws {
    let old = try write { database -> [Int64] in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT id FROM models WHERE fingerprint = ?", arguments: [other.fingerprint])
      else { throw KnowledgeError.damaged(path: path, reason: "there are no vectors of \(other)") }
      try database.execute(
        sql:
          "UPDATE chunks SET vector = (SELECT id FROM vectors WHERE model = ? AND vectors.key = chunks.key)",
        arguments: [id])
      let segments = try Int64.fetchAll(
        database, sql: "SELECT id FROM segments WHERE model != ?", arguments: [id])
      try database.execute(sql: "DELETE FROM vectors WHERE model != ?", arguments: [id])
      try database.execute(sql: "DELETE FROM segments WHERE model != ?", arguments: [id])
      try database.execute(sql: "DELETE FROM models WHERE id != ?", arguments: [id])
      try database.execute(sql: "UPDATE models SET is_active = 1 WHERE id = ?", arguments: [id])
      try Catalogue.advance(database)
      return segments
    }
    for segment in old { unlink(segmentPath(segment)) }
  }
}

/// A lock of the system: gone when its process is.
private final class FileLock: Sendable {
  private let descriptor: Int32

  init(_ path: String, base: String) throws(KnowledgeError) {
    // Assigned last: an initializer that throws after that runs `deinit` too, and would close twice a number
    // that may be another thread's by then.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let (code, reason) = (errno, String(cString: strerror(errno)))
      if code == EROFS || code == EACCES || code == EPERM { throw .readOnly(path: base, reason: reason) }
      throw .io(path: path, reason: reason)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .locked(path: base)
    }
    self.descriptor = descriptor
  }

  private let isReleased = Atomic(false)

  var isHeld: Bool { !isReleased.load(ordering: .acquiring) }

  /// Gives the lock up now, also where a program that is just being started still has the descriptor.
  func release() {
    if !isReleased.exchange(true, ordering: .acquiringAndReleasing) { flock(descriptor, LOCK_UN) }
  }

  deinit {
    release()
    close(descriptor)
  }
}

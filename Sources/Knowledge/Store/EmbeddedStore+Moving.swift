import Chunking
import ForeignText
import Foundation
import GRDB

/// Whole documents in and out, and rows that no document needs any more.
extension EmbeddedStore: DocumentStore {
  package func baseFacts() throws -> BaseFacts {
    BaseFacts(
      model: model, keepsFloats: keepsFloats, chunking: try chunking()?.settings, vectors: try note("vectors")
    )
  }

  package func documentPaths() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT path FROM documents ORDER BY path") }
  }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    for path in try documentPaths() {
      // Removed meanwhile by a writer beside this reader.
      guard let moved = try moved(path) else { continue }
      try await body(moved)
    }
  }

  private func moved(_ path: String) throws -> MovedDocument? {
    guard let document = try document(path: path) else { return nil }
    let (_, segments) = try references(SearchFilter())
    return try read { database in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT id FROM documents WHERE path = ?", arguments: [path])
      else { return nil }
      var moved = MovedDocument(
        document: document, text: try text(of: id, database), chunks: [], keys: [], vectors: [])
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT chunks.*, vectors.segment, vectors.row FROM chunks JOIN vectors ON vectors.id = chunks.vector
          WHERE document = ? ORDER BY ordinal
          """, arguments: [id])
      for row in rows {
        let bytes = try range(row, in: moved.text)
        let index: Int = try row.value("row")
        guard let segment = segments[try row.value("segment")], (0..<segment.rowCount).contains(index) else {
          throw KnowledgeError.damaged(path: self.path, reason: "a piece of \(path.escaped) has no vector")
        }
        let (pages, lines) = try Self.place(row)
        moved.chunks.append(
          Chunk(
            bytes: bytes, lead: try row.value("lead"), headings: Self.list(try row.value("headings")),
            pages: pages, lines: lines, tokenCount: try row.value("tokens")))
        moved.keys.append(Array(try row.value("key") as Data))
        moved.vectors.append(
          StoredVector(quantized: segment.quantized(index), floats: segment.floats(index)))
      }
      return moved
    }
  }

  /// Documents of another store. All of them must be valid; vectors that are there already are kept.
  package func take(_ documents: [MovedDocument]) throws {
    var vectors: [[UInt8]: StoredVector] = [:]
    for moved in documents {
      try moved.validate(dimensions: model.dimensions)
      for (key, vector) in zip(moved.keys, moved.vectors) { vectors[key] = vector }
    }
    let keys = try missing(documents.flatMap(\.keys))
    try addStored(keys.map { ($0, vectors[$0]!) })
    try replace(
      documents.map {
        PreparedDocument(document: $0.document, text: $0.text, chunks: $0.chunks, keys: $0.keys)
      })
  }

  // MARK: Compaction

  package struct Compaction: Sendable, Equatable {
    package var vectorsRemoved = 0
    package var bytesBefore = 0
    package var bytesAfter = 0
  }

  /// Writes the rows that documents need to new files, swaps in one transaction, and takes the old files
  /// away.
  /// A reader that has the old files keeps them. Killed before the transaction, the new files are leftovers;
  /// behind it, the old ones are.
  package func compact(progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }) throws -> Compaction {
    var result = Compaction()
    let (rows, segments) = try references(SearchFilter())
    result.bytesBefore = try storedBytes()
    var needed: [RowReference] = []
    for row in rows where needed.last.map({ $0.segment != row.segment || $0.row != row.row }) ?? true {
      needed.append(row)
    }
    let layout = layout(model, keepsFloats: keepsFloats)
    let (old, first, vectorCount) = try read { database in
      (
        try Int64.fetchAll(database, sql: "SELECT id FROM segments WHERE model = ?", arguments: [modelID]),
        try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM segments")!,
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM vectors WHERE model = ?", arguments: [modelID])!
      )
    }
    guard needed.count < vectorCount else {
      result.bytesAfter = result.bytesBefore
      return result
    }
    // Where each row goes.
    var moves: [(from: RowReference, segment: Int64, row: Int)] = []
    var made: [(id: Int64, rows: Int)] = []
    var start = 0
    while start < needed.count {
      let end = min(start + Self.rowsInSegment, needed.count)
      let id = first + Int64(made.count)
      let writer = try SegmentWriter(path: segmentPath(id), layout: layout, committedRows: 0)
      for reference in needed[start..<end] {
        let row = try writer.append(bytes: segments[reference.segment]!.bytes(reference.row))
        moves.append((reference, id, row))
        if moves.count % 8_192 == 0 { progress(moves.count, needed.count) }
      }
      try writer.synchronize()
      made.append((id, writer.rowCount))
      start = end
    }
    try Self.synchronizeFolder(path)
    let (newSegments, allMoves) = (made, moves)
    try write { database in
      for segment in newSegments {
        try database.execute(
          sql: "INSERT INTO segments VALUES (?, ?, ?)", arguments: [segment.id, modelID, segment.rows])
      }
      try database.execute(
        sql: "DELETE FROM vectors WHERE model = ? AND id NOT IN (SELECT vector FROM chunks)",
        arguments: [modelID])
      let statement = try database.makeStatement(
        sql: "UPDATE vectors SET segment = ?, row = ? WHERE id = (SELECT vector FROM chunks WHERE id = ?)")
      for move in allMoves { try statement.execute(arguments: [move.segment, move.row, move.from.chunk]) }
      for id in old { try database.execute(sql: "DELETE FROM segments WHERE id = ?", arguments: [id]) }
      try Catalogue.advance(database)
    }
    for id in old { unlink(segmentPath(id)) }
    try database.vacuum()
    result.vectorsRemoved = vectorCount - needed.count
    result.bytesAfter = try storedBytes()
    return result
  }

  /// Of the catalogue and all segments, on the disk.
  private func storedBytes() throws -> Int {
    let ids = try read { try Int64.fetchAll($0, sql: "SELECT id FROM segments") }
    return ([path + "/catalogue.sqlite"] + ids.map(segmentPath)).reduce(0) { total, file in
      var status = stat()
      return stat(file, &status) == 0 ? total + Int(status.st_size) : total
    }
  }
}

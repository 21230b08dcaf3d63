import ForeignText
import Foundation
import GRDB

/// Looks for damage: in the tables, in every row of every segment, in every passage.
package struct StoreCheck: Sendable {
  package var findings: [String] = []
  package var rowsChecked = 0
  package var passagesChecked = 0

  package init(_ store: EmbeddedStore) throws {
    try tables(store)
    try segments(store)
    try passages(store)
  }

  private mutating func tables(_ store: EmbeddedStore) throws {
    let found = try store.read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
          "a row of the table \($0[0] as String? ?? "?") names another that is missing"
        }
    }
    findings += found
    let (words, chunks) = try store.read { database in
      (
        try Int.fetchOne(database, sql: "SELECT count(*) FROM words_docsize") ?? 0,
        try Int.fetchOne(database, sql: "SELECT count(*) FROM chunks") ?? 0
      )
    }
    if words != chunks {
      findings.append("the keyword index knows \(words) passages, and there are \(chunks)")
    }
  }

  private mutating func segments(_ store: EmbeddedStore) throws {
    do {
      let (_, segments) = try store.references(SearchFilter())
      for (id, segment) in segments.sorted(by: { $0.key < $1.key }) {
        for row in 0..<segment.rowCount where !segment.isIntact(row) {
          findings.append("vectors-\(id).seg: the checksum of row \(row) is wrong")
        }
        rowsChecked += segment.rowCount
      }
    } catch let error as KnowledgeError {
      findings.append("\(error)")
    }
  }

  private mutating func passages(_ store: EmbeddedStore) throws {
    let (found, count) = try store.read { database -> ([String], Int) in
      var found: [String] = []
      var count = 0
      for document in try Row.fetchAll(database, sql: "SELECT id, path FROM documents ORDER BY path") {
        let text: [UInt8]
        do { text = try store.text(of: try document.value("id"), database) } catch {
          found.append("\(error)")
          continue
        }
        let chunks = try Row.fetchAll(
          database, sql: "SELECT start, end, lead, key FROM chunks WHERE document = ?",
          arguments: [try document.value("id") as Int64])
        for chunk in chunks {
          count += 1
          let key = Array(try chunk.value("key") as Data)
          let lead: String = try chunk.value("lead")
          guard let passage = try? store.string(chunk, in: text), !passage.isEmpty,
            KnowledgeModel.key(lead + passage) == key
          else {
            let (path, start): (String, Int) = (try document.value("path"), try chunk.value("start"))
            found.append("\(path.escaped): the passage at byte \(start) is not the one that was embedded")
            continue
          }
        }
      }
      return (found, count)
    }
    findings += found
    passagesChecked = count
  }
}

/// How well the stored bytes stand for the vectors, on samples that are embedded again.
package struct StoreSample: Sendable, Equatable {
  package var count = 0
  /// Vectors that come out with other bytes than are stored. The engine promises none.
  package var different = 0
  /// The mean share of the ten nearest samples, by float32, that are among the ten nearest by stored bytes.
  package var overlap = 1.0

  package init(_ store: EmbeddedStore, _ model: KnowledgeModel, count: Int) async throws {
    let (rows, segments) = try store.references(SearchFilter())
    var unique: [EmbeddedStore.RowReference] = []
    for row in rows where unique.last.map({ $0.segment != row.segment || $0.row != row.row }) ?? true {
      unique.append(row)
    }
    guard !unique.isEmpty, count > 0 else { return }
    let step = max(1, unique.count / count)
    let chosen = stride(from: 0, to: unique.count, by: step).prefix(count).map { unique[$0] }
    let texts = try await store.read { database in
      try chosen.map { reference -> String in
        let found = try Row.fetchOne(
          database, sql: "SELECT document, start, end, lead FROM chunks WHERE id = ?",
          arguments: [reference.chunk])
        // Removed meanwhile by a writer beside this reader: it stands for no text.
        guard let row = found else { return "" }
        let text = try store.text(of: try row.value("document"), database)
        return (try row.value("lead") as String) + (try store.string(row, in: text))
      }
    }
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: texts.count, by: 32) {
      vectors += try await model.vectors(of: Array(texts[start..<min(start + 32, texts.count)]))
    }
    self.count = chosen.count
    for (reference, vector) in zip(chosen, vectors)
    where segments[reference.segment]!.quantized(reference.row) != QuantizedVector(vector) {
      different += 1
    }
    var shares: [Double] = []
    for vector in vectors {
      let query = QueryVector(vector)
      let stored = query.values.withUnsafeBufferPointer { values in
        chosen.map { segments[$0.segment]!.cosine($0.row, values.baseAddress!, scale: query.scale) }
      }
      let exact = vectors.map { other in zip(vector, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
      func top(_ scores: [Double]) -> Set<Int> {
        Set(scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(10))
      }
      let best = top(exact)
      shares.append(Double(best.intersection(top(stored)).count) / Double(best.count))
    }
    overlap = shares.reduce(0, +) / Double(shares.count)
  }
}

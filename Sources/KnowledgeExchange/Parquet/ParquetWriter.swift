import Knowledge

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes Parquet: plain values, uncompressed, a page a column in each row group. Every reader takes it.
final class ParquetWriter {
  let path: String
  private let columns: [(name: String, kind: ParquetKind)]
  private let metadata: [(String, String)]
  private let partial: String
  private var descriptor: Int32
  private var offset = 0
  private var rowCount = 0

  private struct Piece {
    var offset: Int
    var size: Int
    var values: Int
  }

  private var groups: [(rows: Int, pieces: [Piece])] = []

  /// The file is at `path` only once it is whole.
  init(
    path: String, columns: [(name: String, kind: ParquetKind)], metadata: [(String, String)]
  ) throws(KnowledgeError) {
    self.path = path
    self.columns = columns
    self.metadata = metadata
    partial = path + ".partial"
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .io(path: partial, reason: String(cString: strerror(errno))) }
    try write(Array("PAR1".utf8))
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(partial)
    }
  }

  /// - Parameter group: one for each column, all of one length.
  func write(_ group: [ParquetColumn]) throws(KnowledgeError) {
    let rows = group[0].count
    precondition(group.count == columns.count && group.allSatisfy { $0.count == rows })
    guard rows > 0 else { return }
    var pieces: [Piece] = []
    for column in group {
      let (body, values) = Self.page(column)
      guard body.count < Int(Int32.max) else {
        throw .io(path: path, reason: "a row group of 2 GiB is more than Parquet takes")
      }
      var header = CompactThriftWriter()
      header.structure { page in
        page.field(1, Int32(0))
        page.field(2, Int32(body.count))
        page.field(3, Int32(body.count))
        page.field(5) { data in
          data.field(1, Int32(values))
          data.field(2, Int32(0))
          data.field(3, Int32(3))
          data.field(4, Int32(3))
        }
      }
      pieces.append(Piece(offset: offset, size: header.bytes.count + body.count, values: values))
      try write(header.bytes)
      try write(body)
    }
    groups.append((rows, pieces))
    rowCount += rows
  }

  /// - Returns: levels and values, and how many entries the levels have.
  private static func page(_ column: ParquetColumn) -> ([UInt8], Int) {
    var body: [UInt8] = []
    func levels(_ isPresent: [Bool]) -> [UInt8] {
      var runs: [(level: UInt8, count: Int)] = []
      for present in isPresent {
        let level: UInt8 = present ? 1 : 0
        if runs.last?.level == level { runs[runs.count - 1].count += 1 } else { runs.append((level, 1)) }
      }
      return LevelRuns.encoded(runs)
    }
    func add(_ value: UInt64, _ count: Int) {
      for byte in 0..<count { body.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
    }
    switch column {
    case .text(let values):
      body = levels(values.map { $0 != nil })
      for case let value? in values {
        add(UInt64(value.utf8.count), 4)
        body += value.utf8
      }
      return (body, values.count)
    case .integer(let values):
      body = levels(values.map { $0 != nil })
      for case let value? in values { add(UInt64(bitPattern: Int64(value)), 8) }
      return (body, values.count)
    case .float(let values):
      body = levels(values.map { $0 != nil })
      for case let value? in values { add(UInt64(value.bitPattern), 4) }
      return (body, values.count)
    case .floats(let lists):
      // An empty list is one entry that is not there.
      var repeats: [(level: UInt8, count: Int)] = []
      var defined: [(level: UInt8, count: Int)] = []
      for list in lists {
        repeats += [(0, 1), (1, max(list.count - 1, 0))]
        let level: UInt8 = list.isEmpty ? 0 : 1
        let count = max(list.count, 1)
        if defined.last?.level == level {
          defined[defined.count - 1].count += count
        } else {
          defined.append((level, count))
        }
      }
      body = LevelRuns.encoded(repeats) + LevelRuns.encoded(defined)
      body.reserveCapacity(body.count + 4 * lists.reduce(0) { $0 + $1.count })
      for list in lists { for value in list { add(UInt64(value.bitPattern), 4) } }
      return (body, lists.reduce(0) { $0 + max($1.count, 1) })
    }
  }

  func finish() throws(KnowledgeError) {
    var footer = CompactThriftWriter()
    footer.structure { file in
      file.field(1, Int32(1))
      let nodes = schema
      file.list(2, .structure, count: nodes.count) { writer, index in writer.structure(nodes[index]) }
      file.field(3, Int64(rowCount))
      file.list(4, .structure, count: groups.count) { writer, index in
        let group = groups[index]
        writer.structure { row in
          row.list(1, .structure, count: columns.count) { writer, index in
            let piece = group.pieces[index]
            writer.structure { chunk in
              chunk.field(2, Int64(piece.offset))
              chunk.field(3) { data in
                data.field(1, Int32(columns[index].kind.type))
                data.list(2, .i32, count: 2) { $0.integer($1 == 0 ? 0 : 3) }
                let path =
                  columns[index].kind == .floats
                  ? [columns[index].name, "list", "element"] : [columns[index].name]
                data.list(3, .binary, count: path.count) { $0.string(path[$1]) }
                data.field(4, Int32(0))
                data.field(5, Int64(piece.values))
                data.field(6, Int64(piece.size))
                data.field(7, Int64(piece.size))
                data.field(9, Int64(piece.offset))
              }
            }
          }
          row.field(2, Int64(group.pieces.reduce(0) { $0 + $1.size }))
          row.field(3, Int64(group.rows))
        }
      }
      file.list(5, .structure, count: metadata.count) { writer, index in
        writer.structure { pair in
          pair.field(1, metadata[index].0)
          pair.field(2, metadata[index].1)
        }
      }
      file.field(6, "touchstone")
    }
    try write(footer.bytes)
    try write((0..<4).map { UInt8(truncatingIfNeeded: footer.bytes.count >> (8 * $0)) } + Array("PAR1".utf8))
    guard fsync(descriptor) == 0 else { throw .io(path: partial, reason: String(cString: strerror(errno))) }
    // Gone whether or not `close` reports an error.
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw .io(path: partial, reason: reason)
    }
    guard rename(partial, path) == 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
  }

  private var schema: [(inout CompactThriftWriter) -> Void] {
    var nodes: [(inout CompactThriftWriter) -> Void] = [
      {
        $0.field(4, "schema")
        $0.field(5, Int32(self.columns.count))
      }
    ]
    for (name, kind) in columns {
      guard kind == .floats else {
        nodes.append {
          $0.field(1, Int32(kind.type))
          $0.field(3, Int32(1))
          $0.field(4, name)
          if kind == .text { $0.field(6, Int32(0)) }
        }
        continue
      }
      nodes.append {
        $0.field(3, Int32(0))
        $0.field(4, name)
        $0.field(5, Int32(1))
        $0.field(6, Int32(3))
      }
      nodes.append {
        $0.field(3, Int32(2))
        $0.field(4, "list")
        $0.field(5, Int32(1))
      }
      nodes.append {
        $0.field(1, Int32(kind.type))
        $0.field(3, Int32(0))
        $0.field(4, "element")
      }
    }
    return nodes
  }

  private func write(_ bytes: [UInt8]) throws(KnowledgeError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .io(path: partial, reason: String(cString: strerror(errno))) }
      done += count
    }
    offset += bytes.count
  }
}

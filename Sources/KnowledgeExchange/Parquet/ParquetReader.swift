import ForeignText
import Knowledge

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads the part of Parquet that ``ParquetWriter`` writes, also as pyarrow writes it with
/// `compression="none", use_dictionary=False`. Anything else is refused by name.
final class ParquetReader {
  let path: String
  let metadata: [ByteString: String]
  let groupCount: Int
  private let descriptor: Int32
  private let groups: [ThriftValue]
  private let columns: [ByteString: (index: Int, kind: ParquetKind, levels: Levels)]

  private struct Levels {
    var definition: Int
    var repetition: Int
  }

  init(path: String) throws(KnowledgeError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
    self.descriptor = descriptor
    do throws(KnowledgeError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_size >= 12 else { throw Self.damaged(path) }
      let tail = try Self.read(descriptor, path, at: Int(status.st_size) - 8, count: 8)
      let size = (0..<4).reduce(0) { $0 | Int(tail[$1]) << (8 * $1) }
      guard Array(tail[4...]) == Array("PAR1".utf8), size <= Int(status.st_size) - 12 else {
        throw Self.damaged(path)
      }
      let footer = try Self.read(descriptor, path, at: Int(status.st_size) - 8 - size, count: size)
      var reader = CompactThriftReader(footer)
      guard let file = try? reader.structure(), let nodes = file[2]?.list, let groups = file[4]?.list else {
        throw Self.damaged(path)
      }
      self.groups = groups
      groupCount = groups.count
      var metadata: [ByteString: String] = [:]
      for pair in file[5]?.list ?? [] {
        if let key = pair[1]?.text, let value = pair[2]?.text { metadata[ByteString(key)] = value }
      }
      self.metadata = metadata
      columns = try Self.columns(nodes, path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  private static func damaged(_ path: String) -> KnowledgeError {
    .option("\(path.escaped) is not a sound Parquet file")
  }

  private func unsupported(_ reason: String) -> KnowledgeError {
    .option(
      "\(path.escaped) \(reason); write it plain, with pyarrow: "
        + "pq.write_table(table, path, compression=\"none\", use_dictionary=False, data_page_version=\"1.0\")"
    )
  }

  /// Walks the schema, which is a tree in one list.
  private static func columns(
    _ nodes: [ThriftValue], _ path: String
  ) throws(KnowledgeError) -> [ByteString: (index: Int, kind: ParquetKind, levels: Levels)] {
    var found: [ByteString: (index: Int, kind: ParquetKind, levels: Levels)] = [:]
    var position = 1
    var leaf = 0
    func walk(_ top: String?, _ levels: Levels, _ depth: Int) throws(KnowledgeError) {
      guard position < nodes.count, depth < 16 else { throw damaged(path) }
      let node = nodes[position]
      position += 1
      guard let name = node[4]?.text else { throw damaged(path) }
      var levels = levels
      switch node[3]?.integer {
      case 1: levels.definition += 1
      case 2:
        levels.definition += 1
        levels.repetition += 1
      default: break
      }
      let children = node[5]?.integer ?? 0
      guard (0...nodes.count).contains(children) else { throw damaged(path) }
      if children > 0 {
        for _ in 0..<children { try walk(top ?? name, levels, depth + 1) }
        return
      }
      let kind: ParquetKind? =
        switch (node[1]?.integer, levels.repetition) {
        case (6, 0): .text
        case (2, 0): .integer
        case (4, 0): .float
        case (4, 1): .floats
        default: nil
        }
      if let kind { found[ByteString(top ?? name)] = (leaf, kind, levels) }
      leaf += 1
    }
    let count = nodes.first?[5]?.integer ?? 0
    guard (0...nodes.count).contains(count) else { throw damaged(path) }
    for _ in 0..<count { try walk(nil, Levels(definition: 0, repetition: 0), 0) }
    return found
  }

  func kind(of name: String) -> ParquetKind? { columns[ByteString(name)]?.kind }

  /// A column of a row group; nil where there is none of this name and kind.
  func column(_ name: String, _ kind: ParquetKind, group: Int) throws(KnowledgeError) -> ParquetColumn? {
    guard let column = columns[ByteString(name)], column.kind == kind else { return nil }
    guard let chunks = groups[group][1]?.list, column.index < chunks.count,
      let rows = groups[group][3]?.integer,
      let data = chunks[column.index][3], let offset = data[9]?.integer, let size = data[7]?.integer,
      let valueCount = data[5]?.integer, offset >= 0, size >= 0, valueCount >= 0, rows >= 0
    else { throw Self.damaged(path) }
    guard data[4]?.integer == 0 else { throw unsupported("is compressed") }
    guard data[11] == nil else { throw unsupported("has a dictionary in the column \(name.quoted)") }
    let bytes = try Self.read(descriptor, path, at: offset, count: size)
    var values = ParquetValues(kind: kind)
    var position = 0
    while values.entries < valueCount {
      var reader = CompactThriftReader(bytes, at: position)
      guard let header = try? reader.structure(), let body = header[3]?.integer, body >= 0,
        body <= bytes.count - reader.offset
      else { throw Self.damaged(path) }
      guard header[1]?.integer == 0, let page = header[5] else {
        throw unsupported("has pages of another kind in the column \(name.quoted)")
      }
      guard page[2]?.integer == 0 else {
        throw unsupported("has encoded values in the column \(name.quoted)")
      }
      guard let count = page[1]?.integer, count > 0, count <= valueCount - values.entries else {
        throw Self.damaged(path)
      }
      let page0 = Array(bytes[reader.offset..<reader.offset + body])
      guard
        values.add(
          page0, count: count, definition: column.levels.definition, repetition: column.levels.repetition)
      else { throw Self.damaged(path) }
      position = reader.offset + body
    }
    let result = values.column
    guard result.count == rows else { throw Self.damaged(path) }
    return result
  }

  private static func read(
    _ descriptor: Int32, _ path: String, at offset: Int, count: Int
  ) throws(KnowledgeError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0, offset >= 0, count <= Int(status.st_size) - offset else {
      throw damaged(path)
    }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .io(path: path, reason: "it ends early") }
      done += got
    }
    return bytes
  }
}

/// The values of pages.
private struct ParquetValues {
  let kind: ParquetKind
  private(set) var entries = 0
  private var texts: [String?] = []
  private var integers: [Int?] = []
  private var floats: [Float?] = []
  private var lists: [[Float]] = []

  init(kind: ParquetKind) { self.kind = kind }

  var column: ParquetColumn {
    switch kind {
    case .text: .text(texts)
    case .integer: .integer(integers)
    case .float: .float(floats)
    case .floats: .floats(lists)
    }
  }

  /// - Returns: false where the page is damaged.
  mutating func add(_ bytes: [UInt8], count: Int, definition: Int, repetition: Int) -> Bool {
    var offset = 0
    func bits(_ level: Int) -> Int { Int.bitWidth - level.leadingZeroBitCount }
    var repeats: [UInt8] = []
    if repetition > 0 {
      guard let levels = LevelRuns.decoded(bytes, at: offset, bits: bits(repetition), count: count) else {
        return false
      }
      (repeats, offset) = levels
    }
    var defined: [UInt8] = []
    if definition > 0 {
      guard let levels = LevelRuns.decoded(bytes, at: offset, bits: bits(definition), count: count) else {
        return false
      }
      (defined, offset) = levels
    }
    func number(_ width: Int) -> UInt64? {
      guard width <= bytes.count - offset else { return nil }
      var value: UInt64 = 0
      for byte in 0..<width { value |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
      offset += width
      return value
    }
    for index in 0..<count {
      let isThere = definition == 0 || Int(defined[index]) == definition
      switch kind {
      case .text:
        if isThere {
          guard let length = number(4), length <= bytes.count - offset,
            let text = String(validating: bytes[offset..<offset + Int(length)], as: UTF8.self)
          else { return false }
          offset += Int(length)
          texts.append(text)
        } else {
          texts.append(nil)
        }
      case .integer:
        if isThere {
          guard let value = number(8) else { return false }
          integers.append(Int(Int64(bitPattern: value)))
        } else {
          integers.append(nil)
        }
      case .float:
        if isThere {
          guard let value = number(4) else { return false }
          floats.append(Float(bitPattern: UInt32(value)))
        } else {
          floats.append(nil)
        }
      case .floats:
        if repeats[index] == 0 { lists.append([]) }
        if isThere {
          guard let value = number(4), !lists.isEmpty else { return false }
          lists[lists.count - 1].append(Float(bitPattern: UInt32(value)))
        }
      }
    }
    entries += count
    return true
  }
}

/// Thrift's compact protocol, in which Parquet writes its headers and footer.
struct CompactThriftWriter {
  enum Kind: UInt8 {
    case i32 = 5
    case i64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  private(set) var bytes: [UInt8] = []
  private var last: [Int] = [0]

  mutating func field(_ id: Int, _ value: Int32) {
    header(id, .i32)
    integer(Int64(value))
  }

  mutating func field(_ id: Int, _ value: Int64) {
    header(id, .i64)
    integer(value)
  }

  mutating func field(_ id: Int, _ text: String) {
    header(id, .binary)
    string(text)
  }

  mutating func field(_ id: Int, _ body: (inout CompactThriftWriter) -> Void) {
    header(id, .structure)
    structure(body)
  }

  mutating func list(
    _ id: Int, _ kind: Kind, count: Int, _ element: (inout CompactThriftWriter, Int) -> Void
  ) {
    header(id, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      unsigned(UInt64(count))
    }
    for index in 0..<count { element(&self, index) }
  }

  mutating func structure(_ body: (inout CompactThriftWriter) -> Void) {
    last.append(0)
    body(&self)
    last.removeLast()
    bytes.append(0)
  }

  mutating func string(_ text: String) {
    unsigned(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  mutating func integer(_ value: Int64) { unsigned(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  private mutating func header(_ id: Int, _ kind: Kind) {
    let step = id - last[last.count - 1]
    last[last.count - 1] = id
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | kind.rawValue)
    } else {
      bytes.append(kind.rawValue)
      integer(Int64(id))
    }
  }

  private mutating func unsigned(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

/// A value of the compact protocol, read without knowing its schema.
indirect enum ThriftValue {
  case bool(Bool)
  case integer(Int64)
  case double
  case binary([UInt8])
  case list([ThriftValue])
  case structure([Int: ThriftValue])

  subscript(_ id: Int) -> ThriftValue? {
    if case .structure(let fields) = self { fields[id] } else { nil }
  }
  var integer: Int? { if case .integer(let value) = self { Int(exactly: value) } else { nil } }
  var text: String? {
    if case .binary(let bytes) = self { String(validating: bytes, as: UTF8.self) } else { nil }
  }
  var list: [ThriftValue]? { if case .list(let values) = self { values } else { nil } }
}

/// Reads hostile bytes: every length is compared with what is left.
struct CompactThriftReader {
  struct Damaged: Error {}

  let bytes: [UInt8]
  private(set) var offset: Int
  /// Values take more memory than their bytes.
  private var valuesLeft = 4_000_000

  init(_ bytes: [UInt8], at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func structure(depth: Int = 0) throws(Damaged) -> ThriftValue {
    guard depth < 32 else { throw Damaged() }
    var fields: [Int: ThriftValue] = [:]
    var id = 0
    while true {
      let head = try byte()
      if head == 0 { return .structure(fields) }
      if head >> 4 == 0 {
        id = Int(truncatingIfNeeded: try integer())
      } else {
        id += Int(head >> 4)
      }
      guard (0...Int(Int16.max)).contains(id) else { throw Damaged() }
      switch head & 15 {
      case 1: fields[id] = .bool(true)
      case 2: fields[id] = .bool(false)
      default: fields[id] = try value(head & 15, depth: depth)
      }
    }
  }

  private mutating func value(_ kind: UInt8, depth: Int) throws(Damaged) -> ThriftValue {
    valuesLeft -= 1
    guard valuesLeft > 0 else { throw Damaged() }
    switch kind {
    case 1, 2: return .bool(try byte() == 1)
    case 3: return .integer(Int64(Int8(bitPattern: try byte())))
    case 4, 5, 6: return .integer(try integer())
    case 7:
      guard bytes.count - offset >= 8 else { throw Damaged() }
      offset += 8
      return .double
    case 8:
      let count = try unsigned()
      guard count <= bytes.count - offset else { throw Damaged() }
      defer { offset += Int(count) }
      return .binary(Array(bytes[offset..<offset + Int(count)]))
    case 9, 10:
      let head = try byte()
      let count = head >> 4 == 15 ? try unsigned() : UInt64(head >> 4)
      guard count <= bytes.count - offset else { throw Damaged() }
      var values: [ThriftValue] = []
      for _ in 0..<count { values.append(try value(head & 15, depth: depth + 1)) }
      return .list(values)
    case 12: return try structure(depth: depth + 1)
    default: throw Damaged()
    }
  }

  private mutating func byte() throws(Damaged) -> UInt8 {
    guard offset < bytes.count else { throw Damaged() }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func unsigned() throws(Damaged) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << UInt64(shift)
      if next < 0x80 { return value }
    }
    throw Damaged()
  }

  private mutating func integer() throws(Damaged) -> Int64 {
    let value = try unsigned()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

/// A GGUF file in pieces that can be changed one by one. Nothing is checked: what is written may be nonsense.
struct ModelPieces {
  struct Entry {
    var key: [UInt8]
    var value: Value
  }

  enum Value {
    /// The type's number, and the bytes of a number or truth value.
    case scalar(UInt32, [UInt8])
    case string([UInt8])
    /// The type's number of the elements, and each without its length.
    case array(UInt32, [[UInt8]])
  }

  struct Tensor {
    var name: [UInt8]
    /// As in the file, innermost first.
    var dimensions: [UInt64]
    var type: UInt32
    var content: [UInt8]
    /// nil: where the content is.
    var offset: UInt64?
  }

  static let stringType: UInt32 = 8
  static let arrayType: UInt32 = 9

  var version: UInt32 = 3
  var entries: [Entry] = []
  var tensors: [Tensor] = []
  /// nil: the true ones.
  var entryCount: UInt64?
  var tensorCount: UInt64?
  var alignment = 32

  func index(of key: String) -> Int? { entries.firstIndex { $0.key.elementsEqual(key.utf8) } }

  mutating func set(_ key: String, _ value: Value) {
    if let index = index(of: key) {
      entries[index].value = value
    } else {
      entries.append(Entry(key: Array(key.utf8), value: value))
    }
  }

  mutating func set(_ key: String, _ value: UInt32) { set(key, .scalar(4, littleEndian(value))) }
  mutating func set(_ key: String, _ value: Float) { set(key, .scalar(6, littleEndian(value.bitPattern))) }
  mutating func set(_ key: String, _ value: String) { set(key, .string(Array(value.utf8))) }

  /// The elements of an array, or none.
  func elements(of key: String) -> [[UInt8]] {
    guard let index = index(of: key), case .array(_, let elements) = entries[index].value else { return [] }
    return elements
  }
}

extension ModelPieces {
  var bytes: [UInt8] {
    var bytes = Array("GGUF".utf8) + littleEndian(version)
    bytes += littleEndian(tensorCount ?? UInt64(tensors.count))
    bytes += littleEndian(entryCount ?? UInt64(entries.count))
    for entry in entries {
      bytes += Self.string(entry.key)
      switch entry.value {
      case .scalar(let type, let content): bytes += littleEndian(type) + content
      case .string(let content): bytes += littleEndian(Self.stringType) + Self.string(content)
      case .array(let type, let elements):
        bytes += littleEndian(Self.arrayType) + littleEndian(type) + littleEndian(UInt64(elements.count))
        for element in elements { bytes += type == Self.stringType ? Self.string(element) : element }
      }
    }
    var content: [UInt8] = []
    for tensor in tensors {
      bytes += Self.string(tensor.name) + littleEndian(UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions { bytes += littleEndian(dimension) }
      bytes += littleEndian(tensor.type) + littleEndian(tensor.offset ?? UInt64(content.count))
      content += tensor.content + padding(tensor.content.count)
    }
    return bytes + padding(bytes.count) + content
  }

  private func padding(_ count: Int) -> [UInt8] {
    Array(repeating: 0, count: (alignment - count % alignment) % alignment)
  }

  private static func string(_ bytes: [UInt8]) -> [UInt8] { littleEndian(UInt64(bytes.count)) + bytes }
}

func littleEndian<Integer: FixedWidthInteger>(_ integer: Integer) -> [UInt8] {
  (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: integer >> ($0 * 8)) }
}

extension ModelPieces {
  /// The pieces of a sound file of one part, whose arrays are not nested and whose alignment is 32.
  init(sound file: [UInt8]) {
    var reader = PieceReader(bytes: file)
    reader.position = 4
    version = reader.integer()
    let tensorCount = Int(reader.integer(UInt64.self))
    let entryCount = Int(reader.integer(UInt64.self))
    for _ in 0..<entryCount {
      entries.append(Entry(key: reader.string(), value: reader.value()))
    }
    var offsets: [Int] = []
    for _ in 0..<tensorCount {
      let name = reader.string()
      let dimensions = (0..<reader.integer(UInt32.self)).map { _ in reader.integer(UInt64.self) }
      tensors.append(Tensor(name: name, dimensions: dimensions, type: reader.integer(), content: []))
      offsets.append(Int(reader.integer(UInt64.self)))
    }
    let start = (reader.position + alignment - 1) / alignment * alignment
    for index in tensors.indices {
      // Up to the next one: padding is a part of the content then, and is padded no more.
      let next = offsets.filter { $0 > offsets[index] }.min() ?? file.count - start
      tensors[index].content = Array(file[start + offsets[index]..<min(start + next, file.count)])
    }
  }
}

private struct PieceReader {
  let bytes: [UInt8]
  var position = 0

  mutating func take(_ count: Int) -> [UInt8] {
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type = Integer.self) -> Integer {
    take(Integer.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
  }

  mutating func string() -> [UInt8] { take(Int(integer(UInt64.self))) }

  mutating func value() -> ModelPieces.Value {
    switch integer(UInt32.self) {
    case ModelPieces.stringType: return .string(string())
    case ModelPieces.arrayType:
      let type = integer(UInt32.self)
      let count = Int(integer(UInt64.self))
      return .array(
        type,
        (0..<count).map { _ in type == ModelPieces.stringType ? string() : take(Self.size(of: type)) })
    case let type: return .scalar(type, take(Self.size(of: type)))
    }
  }

  private static func size(of type: UInt32) -> Int {
    switch type {
    case 0, 1, 7: 1
    case 2, 3: 2
    case 4, 5, 6: 4
    default: 8
    }
  }
}

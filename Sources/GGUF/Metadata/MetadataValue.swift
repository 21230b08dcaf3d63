/// One metadata value, in the type that the file gives it.
package enum MetadataValue: Hashable, Sendable {
  case uint8(UInt8)
  case int8(Int8)
  case uint16(UInt16)
  case int16(Int16)
  case uint32(UInt32)
  case int32(Int32)
  case float32(Float)
  case bool(Bool)
  /// Bytes that are not UTF-8 became U+FFFD.
  case string(String)
  /// Left in the file until somebody asks for its elements.
  case array(MetadataArray)
  case uint64(UInt64)
  case int64(Int64)
  case float64(Double)

  package var type: MetadataType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .array: .array
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }

  /// The value where it is an integer of any width and sign: nil where it does not fit; and in digits.
  var integer: (value: Int?, digits: String)? {
    func integer(_ value: some FixedWidthInteger) -> (value: Int?, digits: String) {
      (Int(exactly: value), String(value))
    }
    return switch self {
    case .uint8(let value): integer(value)
    case .int8(let value): integer(value)
    case .uint16(let value): integer(value)
    case .int16(let value): integer(value)
    case .uint32(let value): integer(value)
    case .int32(let value): integer(value)
    case .uint64(let value): integer(value)
    case .int64(let value): integer(value)
    case .float32, .float64, .bool, .string, .array: nil
    }
  }

  /// The type as messages name it, `array of string` for arrays.
  var typeName: String {
    if case .array(let array) = self { "array of \(array.elementType.name)" } else { type.name }
  }
}

extension MetadataValue {
  /// Reads the value of `key`; its type id comes first.
  static func read(from reader: inout ByteReader, key: String) throws(GGUFError) -> MetadataValue {
    switch try MetadataType.read(from: &reader, key: key) {
    case .uint8: .uint8(try reader.integer())
    case .int8: .int8(try reader.integer())
    case .uint16: .uint16(try reader.integer())
    case .int16: .int16(try reader.integer())
    case .uint32: .uint32(try reader.integer())
    case .int32: .int32(try reader.integer())
    case .float32: .float32(Float(bitPattern: try reader.integer()))
    case .bool: .bool(try reader.bool(key: key))
    case .string: .string(reader.storage.text(in: try reader.string()))
    case .array: .array(try MetadataArray.read(from: &reader, key: key, depth: 1))
    case .uint64: .uint64(try reader.integer())
    case .int64: .int64(try reader.integer())
    case .float64: .float64(Double(bitPattern: try reader.integer()))
    }
  }
}

extension MetadataType {
  static func read(from reader: inout ByteReader, key: String) throws(GGUFError) -> MetadataType {
    let offset = reader.offset
    let id = try reader.integer(UInt32.self)
    guard let type = MetadataType(rawValue: id) else {
      throw reader.failure(.unknownMetadataType(key: key, id: id, offset: offset))
    }
    return type
  }
}

extension ByteReader {
  /// The format knows the bytes 0 and 1; anything else means that what is read is not a bool.
  mutating func bool(key: String) throws(GGUFError) -> Bool {
    let offset = offset
    switch try integer(UInt8.self) {
    case 0: return false
    case 1: return true
    case let found: throw failure(.invalidBool(key: key, found: found, offset: offset))
    }
  }
}

import GGUF

/// One key of a file's metadata and its value, long arrays shortened.
public struct MetadataFact: Sendable, Equatable {
  public let key: String
  /// The type in the file: `uint32`, `string`, `array of string`.
  public let type: String
  public let value: Value

  public indirect enum Value: Sendable, Equatable {
    case integer(Int)
    /// An integer above `Int.max`.
    case unsigned(UInt64)
    case float(Double)
    /// A float32, so that it can be printed as short as it is.
    case float32(Float)
    case bool(Bool)
    case string(String)
    /// The first elements, and how many there are.
    case array(first: [Value], count: Int)
  }

  /// How many elements of an array are kept.
  public static let arrayPreviewCount = 4

  init(_ entry: Metadata.Entry) {
    key = entry.key
    value = Value(entry.value)
    if case .array(let array) = entry.value {
      type = "array of \(array.elementType.name)"
    } else {
      type = entry.value.type.name
    }
  }
}

extension MetadataFact.Value {
  init(_ value: MetadataValue) {
    self =
      switch value {
      case .uint8(let value): .integer(Int(value))
      case .int8(let value): .integer(Int(value))
      case .uint16(let value): .integer(Int(value))
      case .int16(let value): .integer(Int(value))
      case .uint32(let value): .integer(Int(value))
      case .int32(let value): .integer(Int(value))
      case .int64(let value): .integer(Int(value))
      case .uint64(let value): Int(exactly: value).map { .integer($0) } ?? .unsigned(value)
      case .float32(let value): .float32(value)
      case .float64(let value): .float(value)
      case .bool(let value): .bool(value)
      case .string(let value): .string(value)
      case .array(let array): .array(first: Self.preview(array), count: array.count)
      }
  }

  private static func preview(_ array: MetadataArray) -> [Self] {
    let limit = MetadataFact.arrayPreviewCount
    let elements: [Self]? =
      switch array.elementType {
      case .string: try? (array.flatStrings()).preview(limit).map { .string($0) }
      case .float32: try? array.floats().prefix(limit).map { .float32($0) }
      case .float64: try? array.floats().prefix(limit).map { .float(Double($0)) }
      case .bool: try? array.bools().prefix(limit).map { .bool($0) }
      case .array: try? array.arrays().prefix(limit).map { .array(first: preview($0), count: $0.count) }
      case .uint8, .int8, .uint16, .int16, .uint32, .int32, .int64, .uint64:
        try? array.integers(as: Int64.self).prefix(limit).map { .integer(Int($0)) }
      }
    return elements ?? []
  }
}

extension FlatStrings {
  fileprivate func preview(_ limit: Int) -> [String] {
    (0..<Swift.min(limit, count)).map { String(decoding: self[$0], as: UTF8.self) }
  }
}

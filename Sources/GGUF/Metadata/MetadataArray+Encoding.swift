/// A Swift type whose values can be elements of a metadata array.
package protocol MetadataElement {
  static var metadataType: MetadataType { get }
  /// Appends the value as GGUF stores it.
  func encode(to bytes: inout [UInt8])
}

extension MetadataArray {
  /// An array to be written, from values in memory.
  package init<Element: MetadataElement>(_ elements: [Element]) {
    var bytes: [UInt8] = []
    for element in elements { element.encode(to: &bytes) }
    self.init(
      elementType: Element.metadataType, count: elements.count, key: "",
      storage: ByteStorage(copying: bytes), byteRange: 0..<bytes.count)
  }
}

extension MetadataElement where Self: FixedWidthInteger {
  package func encode(to bytes: inout [UInt8]) { bytes.appendLittleEndian(self) }
}

extension UInt8: MetadataElement { package static var metadataType: MetadataType { .uint8 } }
extension Int8: MetadataElement { package static var metadataType: MetadataType { .int8 } }
extension UInt16: MetadataElement { package static var metadataType: MetadataType { .uint16 } }
extension Int16: MetadataElement { package static var metadataType: MetadataType { .int16 } }
extension UInt32: MetadataElement { package static var metadataType: MetadataType { .uint32 } }
extension Int32: MetadataElement { package static var metadataType: MetadataType { .int32 } }
extension UInt64: MetadataElement { package static var metadataType: MetadataType { .uint64 } }
extension Int64: MetadataElement { package static var metadataType: MetadataType { .int64 } }

extension Float: MetadataElement {
  package static var metadataType: MetadataType { .float32 }
  package func encode(to bytes: inout [UInt8]) { bytes.appendLittleEndian(bitPattern) }
}

extension Double: MetadataElement {
  package static var metadataType: MetadataType { .float64 }
  package func encode(to bytes: inout [UInt8]) { bytes.appendLittleEndian(bitPattern) }
}

extension Bool: MetadataElement {
  package static var metadataType: MetadataType { .bool }
  package func encode(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension String: MetadataElement {
  package static var metadataType: MetadataType { .string }
  package func encode(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(UInt64(utf8.count))
    bytes.append(contentsOf: utf8)
  }
}

extension MetadataArray: MetadataElement {
  package static var metadataType: MetadataType { .array }
  package func encode(to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(elementType.rawValue)
    bytes.appendLittleEndian(UInt64(count))
    storage.copy(byteRange, to: &bytes)
  }
}

extension MetadataValue {
  /// Appends the value as GGUF stores it, without its type.
  package func encode(to bytes: inout [UInt8]) {
    switch self {
    case .uint8(let value): value.encode(to: &bytes)
    case .int8(let value): value.encode(to: &bytes)
    case .uint16(let value): value.encode(to: &bytes)
    case .int16(let value): value.encode(to: &bytes)
    case .uint32(let value): value.encode(to: &bytes)
    case .int32(let value): value.encode(to: &bytes)
    case .float32(let value): value.encode(to: &bytes)
    case .bool(let value): value.encode(to: &bytes)
    case .string(let value): value.encode(to: &bytes)
    case .array(let value): value.encode(to: &bytes)
    case .uint64(let value): value.encode(to: &bytes)
    case .int64(let value): value.encode(to: &bytes)
    case .float64(let value): value.encode(to: &bytes)
    }
  }
}

extension [UInt8] {
  mutating func appendLittleEndian(_ integer: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
  }
}

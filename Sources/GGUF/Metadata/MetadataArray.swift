/// A metadata array: its element type, its count, and where its elements are. Nothing is copied until an
/// accessor is called, so that a file with a vocabulary of 151,000 tokens opens in a millisecond or two.
///
/// The accessors are in `MetadataArray+Elements.swift`; arrays are made from Swift values, to be written, in
/// `MetadataArray+Encoding.swift`.
package struct MetadataArray: Sendable {
  package let elementType: MetadataType
  package let count: Int

  /// The metadata key it belongs to, for error messages; empty for an array that is not from a file.
  let key: String
  let storage: ByteStorage
  /// The elements as the file stores them, without the element type and the count.
  let byteRange: Range<Int>

  /// Arrays within arrays: more than any program writes, few enough for any stack.
  static let nestingLimit = 8

  /// Reads element type and count, and walks over the elements to find the end. Every length within has been
  /// checked when this returns.
  static func read(
    from reader: inout ByteReader, key: String, depth: Int
  ) throws(GGUFError) -> MetadataArray {
    guard depth <= nestingLimit else {
      throw reader.failure(.nestedTooDeep(key: key, limit: nestingLimit))
    }
    let elementType = try MetadataType.read(from: &reader, key: key)
    let count = try reader.count(minimumByteCount: elementType.minimumByteCount)
    let start = reader.offset
    switch elementType {
    case .string:
      for _ in 0..<count { _ = try reader.string() }
    case .array:
      for _ in 0..<count { _ = try read(from: &reader, key: key, depth: depth + 1) }
    case .bool:
      for _ in 0..<count { _ = try reader.bool(key: key) }
    case .uint8, .int8, .uint16, .int16, .uint32, .int32, .float32, .uint64, .int64, .float64:
      _ = try reader.take(UInt64(count) * UInt64(elementType.minimumByteCount))
    }
    return MetadataArray(
      elementType: elementType, count: count, key: key, storage: reader.storage,
      byteRange: start..<reader.offset)
  }
}

/// Arrays are equal when they have the same elements, wherever these are stored.
extension MetadataArray: Hashable {
  package static func == (left: MetadataArray, right: MetadataArray) -> Bool {
    guard left.elementType == right.elementType, left.count == right.count else { return false }
    return left.storage.withUnsafeBytes(in: left.byteRange) { leftBytes in
      right.storage.withUnsafeBytes(in: right.byteRange) { leftBytes.elementsEqual($0) }
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(elementType)
    hasher.combine(count)
    storage.withUnsafeBytes(in: byteRange) { hasher.combine(bytes: $0) }
  }
}

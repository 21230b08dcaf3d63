extension MetadataArray {
  /// The strings; bytes that are not UTF-8 become U+FFFD. For large arrays use ``flatStrings()``.
  ///
  /// - Throws: ``GGUFError`` where the elements are not strings.
  package func strings() throws(GGUFError) -> [String] {
    var reader = try reader(of: .string)
    var strings: [String] = []
    strings.reserveCapacity(count)
    for _ in 0..<count { strings.append(storage.text(in: try reader.string())) }
    return strings
  }

  /// All strings in two flat arrays, bytes unchanged: some milliseconds for a vocabulary.
  ///
  /// - Throws: ``GGUFError`` where the elements are not strings.
  package func flatStrings() throws(GGUFError) -> FlatStrings {
    // Lengths are read again, and checked again: another program may have written to the file since.
    var reader = try reader(of: .string)
    var flat = FlatStrings()
    flat.reserve(count: count, byteCount: byteRange.count - count * MetadataType.string.minimumByteCount)
    for _ in 0..<count { flat.append(try reader.string(), of: storage) }
    return flat
  }

  /// The elements as `Integer`, from integers of any width.
  ///
  /// - Throws: ``GGUFError`` where the elements are not integers or one does not fit.
  package func integers<Integer: FixedWidthInteger & BitwiseCopyable>(
    as _: Integer.Type = Integer.self
  ) throws(GGUFError) -> [Integer] {
    switch elementType {
    case .uint8: try converted(UInt8.self)
    case .int8: try converted(Int8.self)
    case .uint16: try converted(UInt16.self)
    case .int16: try converted(Int16.self)
    case .uint32: try converted(UInt32.self)
    case .int32: try converted(Int32.self)
    case .uint64: try converted(UInt64.self)
    case .int64: try converted(Int64.self)
    case .float32, .float64, .bool, .string, .array: throw wrongType(needed: "array of integers")
    }
  }

  /// The elements as `Float`, from float32 as they are and from float64 rounded.
  ///
  /// - Throws: ``GGUFError`` where the elements are not floating-point numbers.
  package func floats() throws(GGUFError) -> [Float] {
    switch elementType {
    case .float32: stored(UInt32.self).map { Float(bitPattern: $0) }
    case .float64: stored(UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: throw wrongType(needed: "array of float32 or float64")
    }
  }

  /// - Throws: ``GGUFError`` where the elements are not bools.
  package func bools() throws(GGUFError) -> [Bool] {
    var reader = try reader(of: .bool)
    var bools: [Bool] = []
    for _ in 0..<count { bools.append(try reader.bool(key: key)) }
    return bools
  }

  /// - Throws: ``GGUFError`` where the elements are not arrays.
  package func arrays() throws(GGUFError) -> [MetadataArray] {
    var reader = try reader(of: .array)
    var arrays: [MetadataArray] = []
    for _ in 0..<count { arrays.append(try Self.read(from: &reader, key: key, depth: 2)) }
    return arrays
  }

  private func reader(of needed: MetadataType) throws(GGUFError) -> ByteReader {
    guard elementType == needed else { throw wrongType(needed: "array of \(needed.name)") }
    return ByteReader(storage, range: byteRange, item: .metadataValue(key: key))
  }

  private func wrongType(needed: String) -> GGUFError {
    GGUFError(
      storage.path,
      .wrongMetadataType(key: key, found: MetadataValue.array(self).typeName, needed: needed))
  }

  /// The elements in the width that the file has.
  private func stored<Stored: FixedWidthInteger & BitwiseCopyable>(_: Stored.Type) -> [Stored] {
    storage.littleEndians(in: byteRange)
  }

  private func converted<
    Stored: FixedWidthInteger & BitwiseCopyable, Integer: FixedWidthInteger & BitwiseCopyable
  >(
    _: Stored.Type
  ) throws(GGUFError) -> [Integer] {
    // The usual case; a conversion element by element, in generic code, takes ten times as long.
    if Stored.isSigned == Integer.isSigned, Stored.bitWidth == Integer.bitWidth {
      return stored(Integer.self)
    }
    let stored = stored(Stored.self)
    var integers: [Integer] = []
    integers.reserveCapacity(stored.count)
    for element in stored {
      guard let integer = Integer(exactly: element) else {
        throw GGUFError(
          storage.path,
          .outOfRange(
            key: key, found: String(element), needed: "elements from \(Integer.min) to \(Integer.max)"))
      }
      integers.append(integer)
    }
    return integers
  }
}

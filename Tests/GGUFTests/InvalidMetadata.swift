import GGUF

extension InvalidFile {
  private static let alignment = "general.alignment"

  /// An array of arrays of … of nothing, `depth` deep.
  private static func nested(_ depth: Int) -> [UInt8] {
    (1..<depth).reduce(array(0, 0, [])) { inner, _ in array(9, 1, inner) }
  }

  static let metadata = [
    InvalidFile(
      "key longer than the file",
      FileBytes(metadataCount: 1).bytes + le(UInt64(100)) + [97, 98, 99, 100, 101],
      .truncated(.metadataKey(number: 1), offset: 32, needed: 100, remaining: 5),
      "the name of metadata key 1 needs 100 bytes at offset 32, but only 5 bytes remain: \(cut)"),
    InvalidFile(
      "key of the largest length", FileBytes(metadataCount: 1).bytes + le(UInt64.max) + [0, 0, 0, 0, 0],
      .truncated(.metadataKey(number: 1), offset: 32, needed: .max, remaining: 5),
      "the name of metadata key 1 needs 18,446,744,073,709,551,615 bytes at offset 32, "
        + "but only 5 bytes remain: \(cut)"),
    InvalidFile(
      "key that is not UTF-8", FileBytes(entries: [.init(key: [0x61, 0xFF], 0, [1])]),
      .notUTF8(.metadataKey(number: 1), offset: 32),
      "the name of metadata key 1 at offset 32 is not UTF-8 text: \(damaged)"),
    InvalidFile(
      "key longer than the format allows",
      FileBytes(entries: [.init(key: [UInt8](repeating: 97, count: 65_536), 0, [1])]),
      .itemTooLong(.metadataKey(number: 1), offset: 32, byteCount: 65_536, limit: 65_535),
      "the name of metadata key 1 at offset 32 has 65,536 bytes, but at most 65,535 are allowed: \(damaged)"),
    InvalidFile(
      "unknown value type", FileBytes.entry("key", 13, [0]),
      .unknownMetadataType(key: "key", id: 13, offset: 35),
      "metadata key 'key' has the unknown type 13 at offset 35; the types are 0 to 12: \(damaged)"),
    InvalidFile(
      "value cut off", FileBytes.entry("key", 10, [1, 2, 3]),
      .truncated(.metadataValue(key: "key"), offset: 39, needed: 8, remaining: 3),
      "the value of metadata key 'key' needs 8 bytes at offset 39, but only 3 bytes remain: \(cut)"),
    InvalidFile(
      "string longer than the file", FileBytes.entry("key", 8, le(UInt64(1) << 62)),
      .truncated(.metadataValue(key: "key"), offset: 47, needed: 1 << 62, remaining: 0),
      "the value of metadata key 'key' needs 4,611,686,018,427,387,904 bytes at offset 47, "
        + "but the file ends there: \(cut)"),
    InvalidFile(
      "bool that is neither", FileBytes.entry("key", 7, [2]),
      .invalidBool(key: "key", found: 2, offset: 39),
      "metadata key 'key' has the byte 2 at offset 39, but a bool is 0 or 1: \(damaged)"),
    InvalidFile(
      "bool in an array that is neither", FileBytes.entry("key", 9, array(7, 3, [0, 1, 255])),
      .invalidBool(key: "key", found: 255, offset: 53),
      "metadata key 'key' has the byte 255 at offset 53, but a bool is 0 or 1: \(damaged)"),
    InvalidFile(
      "key that occurs twice", FileBytes(entries: [.init("key", 0, [1]), .init("key", 7, [1])]),
      .duplicateKey("key"),
      "metadata key 'key' occurs twice: \(bug)"),
    InvalidFile(
      "key with control characters", FileBytes.entry("a\u{1B}[2J\n\u{202E}b", 99, [0]),
      .unknownMetadataType(key: "a\u{1B}[2J\n\u{202E}b", id: 99, offset: 42),
      "metadata key 'a\\u{1b}[2J\\u{a}\\u{202e}b' has the unknown type 99 at offset 42; "
        + "the types are 0 to 12: \(damaged)"),
    InvalidFile(
      "array of an unknown type", FileBytes.entry("key", 9, array(77, 0, [])),
      .unknownMetadataType(key: "key", id: 77, offset: 39),
      "metadata key 'key' has the unknown type 77 at offset 39; the types are 0 to 12: \(damaged)"),
    InvalidFile(
      "array with more elements than bytes",
      FileBytes.entry("key", 9, array(4, 3, [1, 2, 3, 4, 5, 6, 7, 8])),
      .countBeyondEnd(.metadataValue(key: "key"), count: 3, minimumByteCount: 4, offset: 51, remaining: 8),
      "the value of metadata key 'key' announces 3 items of at least 4 bytes at offset 51, "
        + "but only 8 bytes remain: \(cut)"),
    InvalidFile(
      "array whose size overflows", FileBytes.entry("key", 9, array(12, 1 << 61, [])),
      .countBeyondEnd(
        .metadataValue(key: "key"), count: 1 << 61, minimumByteCount: 8, offset: 51, remaining: 0),
      "the value of metadata key 'key' announces 2,305,843,009,213,693,952 items of at least 8 bytes "
        + "at offset 51, but the file ends there: \(cut)"),
    InvalidFile(
      "string in an array longer than the file", FileBytes.entry("key", 9, array(8, 1, le(UInt64(9)) + [1])),
      .truncated(.metadataValue(key: "key"), offset: 59, needed: 9, remaining: 1),
      "the value of metadata key 'key' needs 9 bytes at offset 59, but only 1 byte remains: \(cut)"),
    InvalidFile(
      "arrays nested too deep", FileBytes.entry("key", 9, nested(9)),
      .nestedTooDeep(key: "key", limit: 8),
      "metadata key 'key' nests arrays more than 8 deep: \(damaged)"),
    InvalidFile(
      "arrays nested a thousand deep", FileBytes.entry("key", 9, nested(1000)),
      .nestedTooDeep(key: "key", limit: 8),
      "metadata key 'key' nests arrays more than 8 deep: \(damaged)"),
    InvalidFile(
      "alignment 0", FileBytes.entry(alignment, 4, le(UInt32(0))),
      .invalidAlignment(found: 0, limit: 1 << 24),
      "metadata key 'general.alignment' is 0, but a power of two from 1 to 16,777,216 is required: \(bug)"),
    InvalidFile(
      "alignment 24", FileBytes.entry(alignment, 4, le(UInt32(24))),
      .invalidAlignment(found: 24, limit: 1 << 24),
      "metadata key 'general.alignment' is 24, but a power of two from 1 to 16,777,216 is required: \(bug)"),
    InvalidFile(
      "huge alignment", FileBytes.entry(alignment, 4, le(UInt32(1) << 31)),
      .invalidAlignment(found: 1 << 31, limit: 1 << 24),
      "metadata key 'general.alignment' is 2,147,483,648, "
        + "but a power of two from 1 to 16,777,216 is required: \(bug)"),
    InvalidFile(
      "alignment that is text", FileBytes.entry(alignment, 8, string("32")),
      .wrongMetadataType(key: alignment, found: "string", needed: "unsigned integer"),
      "metadata key 'general.alignment' is of type string, but unsigned integer is required: \(bug)"),
    InvalidFile(
      "negative alignment", FileBytes.entry(alignment, 5, le(Int32(-32))),
      .outOfRange(key: alignment, found: "-32", needed: "a value from 0 to \(Int.max)"),
      "metadata key 'general.alignment' is -32, but a value from 0 to 9223372036854775807 is required: \(bug)"
    ),
  ]
}

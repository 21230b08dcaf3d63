/// A bounds-checked cursor over a file's bytes.
///
/// Every read either succeeds within the bytes that are left or throws an error that knows the offset, the
/// bytes needed, the bytes left, and which part of the file was being read. Nothing is allocated here, and a
/// count is only believed when the bytes left could hold that many items.
struct ByteReader {
  let storage: ByteStorage
  /// Absolute, from the start of the file.
  private(set) var offset: Int
  let end: Int
  /// What is being read, for errors.
  var item: GGUFError.Item

  init(_ storage: ByteStorage, range: Range<Int>? = nil, item: GGUFError.Item = .header) {
    precondition((range?.lowerBound ?? 0) >= 0 && (range?.upperBound ?? 0) <= storage.byteCount)
    self.storage = storage
    self.offset = range?.lowerBound ?? 0
    self.end = range?.upperBound ?? storage.byteCount
    self.item = item
  }

  var remaining: Int { end - offset }

  /// Moves over `byteCount` bytes and returns where they are.
  @inline(__always)
  mutating func take(_ byteCount: UInt64) throws(GGUFError) -> Range<Int> {
    guard byteCount <= UInt64(remaining) else {
      throw failure(.truncated(item, offset: offset, needed: byteCount, remaining: remaining))
    }
    let start = offset
    offset += Int(byteCount)
    return start..<offset
  }

  @inline(__always)
  mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    _: Integer.Type = Integer.self
  ) throws(GGUFError) -> Integer {
    let range = try take(UInt64(MemoryLayout<Integer>.size))
    return storage.littleEndian(Integer.self, at: range.lowerBound)
  }

  /// A string as GGUF stores it, an unsigned 64-bit length and the bytes; returns where the bytes are.
  @inline(__always)
  mutating func string() throws(GGUFError) -> Range<Int> {
    try take(integer(UInt64.self))
  }

  /// A string that names something: names are compared, looked up and shown, so they must be UTF-8, and not
  /// endless.
  mutating func name(byteCountLimit limit: Int) throws(GGUFError) -> String {
    let range = try string()
    guard range.count <= limit else {
      throw failure(.itemTooLong(item, offset: range.lowerBound, byteCount: range.count, limit: limit))
    }
    guard let name = storage.validText(in: range) else {
      throw failure(.notUTF8(item, offset: range.lowerBound))
    }
    return name
  }

  /// A number of items that follow, each of which takes at least `minimumByteCount` bytes.
  mutating func count(minimumByteCount: Int) throws(GGUFError) -> Int {
    let count = try integer(UInt64.self)
    try check(count: count, minimumByteCount: minimumByteCount)
    return Int(count)
  }

  /// Throws where the bytes left cannot hold `count` items of at least `minimumByteCount` bytes.
  func check(count: UInt64, minimumByteCount: Int) throws(GGUFError) {
    guard count <= UInt64(remaining / minimumByteCount) else {
      throw failure(
        .countBeyondEnd(
          item, count: count, minimumByteCount: minimumByteCount, offset: offset, remaining: remaining))
    }
  }

  func failure(_ reason: GGUFError.Reason) -> GGUFError {
    GGUFError(storage.path, reason)
  }
}

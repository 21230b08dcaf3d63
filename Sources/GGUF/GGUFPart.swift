/// One file, parsed: the whole of most models, or one part of a split one.
///
/// ```
/// magic           "GGUF"
/// version         u32
/// tensor count    u64
/// metadata count  u64
/// metadata        entries
/// tensors         descriptions
/// (padding to the alignment)
/// data            the tensors' bytes
/// ```
struct GGUFPart: Sendable {
  static let magic: [UInt8] = Array("GGUF".utf8)

  let storage: ByteStorage
  let version: GGUFFile.FormatVersion
  let metadata: Metadata
  let alignment: Int
  let tensors: [TensorInfo]

  /// - Parameter index: Its place among the parts, from 0, which its tensors carry.
  init(_ storage: ByteStorage, index: Int) throws(GGUFError) {
    var reader = ByteReader(storage)
    let beginning = storage.bytes(in: 0..<min(storage.byteCount, GGUFError.LookAlike.byteCount))
    guard beginning.starts(with: Self.magic.prefix(storage.byteCount)) else {
      throw reader.failure(.notGGUF(GGUFError.LookAlike(firstBytes: beginning)))
    }
    _ = try reader.take(UInt64(Self.magic.count))
    self.version = try Self.version(from: &reader)
    reader.item = .tensorCount
    let tensorCount = try reader.integer(UInt64.self)
    reader.item = .metadataCount
    let metadataCount = try reader.count(minimumByteCount: Metadata.minimumEntryByteCount)
    self.metadata = try Metadata.read(from: &reader, count: metadataCount)
    self.alignment = try metadata.alignment()
    reader.item = .tensorCount
    try reader.check(count: tensorCount, minimumByteCount: TensorTable.minimumDescriptionByteCount)
    self.tensors = try TensorTable.read(
      from: &reader, count: Int(tensorCount), part: index, alignment: alignment)
    self.storage = storage
  }

  private static func version(from reader: inout ByteReader) throws(GGUFError) -> GGUFFile.FormatVersion {
    let number = try reader.integer(UInt32.self)
    if let version = GGUFFile.FormatVersion(rawValue: number) { return version }
    // A small number with its bytes reversed: written for, or on, a big-endian machine.
    throw reader.failure((1...0xFFFF).contains(number.byteSwapped) ? .bigEndian : .unsupportedVersion(number))
  }
}

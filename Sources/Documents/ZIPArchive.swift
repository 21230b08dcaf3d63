import CZlib
import ForeignText

/// Reads members of a ZIP archive, within limits: the directory at its end decides, and every size is checked
/// against the file before anything is allocated. ZIP64, encryption and methods other than deflate are
/// refused.
struct ZIPArchive {
  private struct Entry {
    let method: Int
    let crc: UInt32
    let packed: Int
    let unpacked: Int
    let headerOffset: Int
  }

  private let bytes: [UInt8]
  private let limits: DocumentLimits
  private var entries: [ByteString: Entry] = [:]
  private let spent = Counter()

  /// Bytes that were unpacked, of all copies of the archive.
  private final class Counter { var bytes = 0 }

  init(_ bytes: [UInt8], limits: DocumentLimits) throws(DocumentError) {
    self.bytes = bytes
    self.limits = limits
    try readDirectory()
  }

  func contains(_ name: String) -> Bool { entries[ByteString(name)] != nil }

  /// - Throws: where the archive has no such member, or it is not sound or too large.
  func member(_ name: String) throws(DocumentError) -> [UInt8] {
    guard let entry = entries[ByteString(name)] else {
      throw .archive(reason: "it has no member \(name.quoted)")
    }
    guard entry.unpacked <= limits.archiveEntryBytes else {
      throw .archive(
        reason:
          "its member \(name.quoted) would have \(entry.unpacked) bytes, limit \(limits.archiveEntryBytes)")
    }
    guard entry.unpacked <= 1 << 20 || entry.unpacked / max(entry.packed, 1) <= limits.archiveRatio else {
      throw .archive(
        reason: "its member \(name.quoted) grows more than \(limits.archiveRatio) times, as a ZIP bomb does")
    }
    guard spent.bytes + entry.unpacked <= limits.archiveTotalBytes else {
      throw .archive(reason: "its members would have more than \(limits.archiveTotalBytes) bytes")
    }
    spent.bytes += entry.unpacked
    let offset = entry.headerOffset
    guard offset + 30 <= bytes.count, number(4, offset) == 0x0403_4b50 else {
      throw .archive(reason: "its member \(name.quoted) is not where the directory says")
    }
    let start = offset + 30 + number(2, offset + 26) + number(2, offset + 28)
    guard start <= bytes.count, entry.packed <= bytes.count - start else {
      throw .archive(reason: "its member \(name.quoted) leaves the file")
    }
    let packed = bytes[start..<start + entry.packed]
    let content: [UInt8]
    switch entry.method {
    case 0:
      guard entry.packed == entry.unpacked else {
        throw .archive(reason: "the sizes of \(name.quoted) contradict each other")
      }
      content = Array(packed)
    case 8:
      guard let unpacked = Deflate.unpacked(packed, byteCount: entry.unpacked, isRaw: true) else {
        throw .archive(reason: "its member \(name.quoted) is damaged")
      }
      content = unpacked
    default: throw .archive(reason: "its member \(name.quoted) is packed by method \(entry.method)")
    }
    let sum = content.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
    guard sum == entry.crc else {
      throw .archive(reason: "the checksum of its member \(name.quoted) is wrong")
    }
    return content
  }

  private func number(_ count: Int, _ offset: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private mutating func readDirectory() throws(DocumentError) {
    // 22 bytes at the end, before a comment of up to 65,535 bytes.
    let lowest = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (lowest...bytes.count - 22).last(where: { number(4, $0) == 0x0605_4b50 })
    else { throw .archive(reason: "it has no directory") }
    let count = number(2, end + 10)
    var offset = number(4, end + 16)
    guard count != 0xFFFF, offset != 0xFFFF_FFFF else {
      throw .archive(reason: "it is ZIP64, which no document needs")
    }
    guard count <= limits.archiveEntries else {
      throw .archive(reason: "it has \(count) members, limit \(limits.archiveEntries)")
    }
    for _ in 0..<count {
      guard offset + 46 <= end, number(4, offset) == 0x0201_4b50 else {
        throw .archive(reason: "its directory is damaged")
      }
      let nameCount = number(2, offset + 28)
      let next = offset + 46 + nameCount + number(2, offset + 30) + number(2, offset + 32)
      guard next <= end else { throw .archive(reason: "its directory is damaged") }
      guard number(2, offset + 8) & 1 == 0 else { throw .encrypted }
      let name = String(decoding: bytes[offset + 46..<offset + 46 + nameCount], as: UTF8.self)
      entries[ByteString(name)] = Entry(
        method: number(2, offset + 10), crc: UInt32(number(4, offset + 16)), packed: number(4, offset + 20),
        unpacked: number(4, offset + 24), headerOffset: number(4, offset + 42))
      offset = next
    }
  }
}

/// zlib's deflate.
package enum Deflate {
  /// - Parameter byteCount: exactly as many must come out.
  /// - Returns: nil where the data is damaged or has another size.
  package static func unpacked(_ packed: ArraySlice<UInt8>, byteCount: Int, isRaw: Bool = false) -> [UInt8]? {
    // Deflate makes at most 1,032 bytes of one.
    guard byteCount >= 0, byteCount / 1_032 <= packed.count else { return nil }
    var stream = z_stream()
    guard
      inflateInit2_(&stream, isRaw ? -15 : 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    // One byte more shows a stream that goes on.
    var result = [UInt8](repeating: 0, count: byteCount + 1)
    var input = Array(packed)
    let status = input.withUnsafeMutableBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, Int(stream.total_out) == byteCount else { return nil }
    result.removeLast()
    return result
  }

  /// With zlib's header.
  package static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = compress2(&result, &count, bytes, UInt(bytes.count), 6)
    precondition(status == Z_OK, "compressBound is enough")
    result.removeLast(result.count - Int(count))
    return result
  }
}

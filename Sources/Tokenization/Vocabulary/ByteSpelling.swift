/// The spelling of bytes as printable characters that byte-level vocabularies use (from GPT-2).
///
/// The printable characters of Latin-1 stand for themselves; the other 68 bytes, in ascending order, are
/// U+0100 to U+0143. So a space is `Ġ`, and no spelled token holds white space.
enum ByteSpelling {
  private static let isPrintable: [Bool] = (0...255).map { byte in
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
  }

  /// The character of each byte.
  static let characters: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if isPrintable[byte] { return UInt32(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each character below U+0144, or -1.
  static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, character) in characters.enumerated() { bytes[Int(character)] = Int16(byte) }
    return bytes
  }()

  /// Appends the bytes that `spelling` stands for. A spelling with any other character stands for its own
  /// UTF-8.
  static func appendBytes(of spelling: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    var position = 0
    bytes.withUnsafeBufferPointer { bytes in
      while position < spelling.count {
        var character = Int(spelling[position])
        var length = 1
        if character >= 0x80 {
          guard position + 1 < spelling.count, character & 0xE0 == 0xC0, spelling[position + 1] & 0xC0 == 0x80
          else { break }
          character = (character & 0x1F) << 6 | Int(spelling[position + 1] & 0x3F)
          length = 2
        }
        guard character < bytes.count, bytes[character] >= 0 else { break }
        output.append(UInt8(truncatingIfNeeded: bytes[character]))
        position += length
      }
    }
    if position < spelling.count {
      output.removeLast(output.count - start)
      output.append(contentsOf: spelling)
    }
  }
}

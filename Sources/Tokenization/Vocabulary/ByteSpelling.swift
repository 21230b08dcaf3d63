/// The spelling of bytes as printable characters that byte-level vocabularies use (from GPT-2).
///
/// The printable characters of Latin-1 stand for themselves; the other 68 bytes, in ascending order, are
/// U+0100 to U+0143. So a space is `Ġ`, and no spelled token holds white space.
package enum ByteSpelling {
  private static let isPrintable: [Bool] = (0...255).map { byte in
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
  }

  /// The character of each byte.
  package static let characters: [UInt32] = {
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

  /// Writes the bytes that `spelling` stands for, at most as many as it has itself, and returns their
  /// number. A spelling with any character that stands for no byte stands for its own UTF-8.
  static func write(
    _ spelling: UnsafeBufferPointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
    with bytes: UnsafeBufferPointer<Int16>
  ) -> Int {
    var position = 0
    var count = 0
    while position < spelling.count {
      var character = Int(spelling[position])
      position += 1
      if character >= 0x80 {
        guard position < spelling.count, character & 0xE0 == 0xC0, spelling[position] & 0xC0 == 0x80 else {
          return writeUnchanged(spelling, to: output)
        }
        character = (character & 0x1F) << 6 | Int(spelling[position] & 0x3F)
        position += 1
      }
      guard character < bytes.count, bytes[character] >= 0 else {
        return writeUnchanged(spelling, to: output)
      }
      output[count] = UInt8(truncatingIfNeeded: bytes[character])
      count += 1
    }
    return count
  }

  static func writeUnchanged(
    _ spelling: UnsafeBufferPointer<UInt8>, to output: UnsafeMutablePointer<UInt8>
  ) -> Int {
    for (position, byte) in spelling.enumerated() { output[position] = byte }
    return spelling.count
  }
}

extension String {
  /// The text with `%41` and its like replaced by the bytes they stand for; nil where that is not UTF-8, or
  /// not a code.
  package var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Self.hexadecimalValue),
        let low = rest.popFirst().flatMap(Self.hexadecimalValue)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }
}

extension Collection where Element == UInt8 {
  /// Whether the bytes are `word`, in upper or lower case. Of ASCII alone.
  func isASCIIWord(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { expected in
      elementsEqual(expected) { byte, letter in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 == letter : byte == letter
      }
    }
  }
}

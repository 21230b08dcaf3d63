/// Texts that go to the edges of a tokenizer: pieces of its vocabulary, characters that NFC changes, whole
/// and cut.
enum FuzzTexts {
  /// Bytes of up to 20 parts; UTF-8 for the most part.
  ///
  /// - Parameter pieces: what the vocabulary spells.
  static func bytes(_ pieces: [[UInt8]], _ decisions: inout Decisions) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<decisions.below(20) where !decisions.isExhausted {
      switch decisions.below(8) {
      case 0, 1: text += pieces.isEmpty ? [] : decisions.element(of: pieces)
      case 2, 3: text += utf8(decisions.element(of: changing))
      case 4: text += utf8(UInt32(decisions.below(0x11_0000)))
      case 5: text += decisions.element(of: fragments).utf8
      case 6:
        let unit = utf8(decisions.element(of: repeated))
        text += Array(repeatElement(unit, count: 1 << decisions.below(9)).joined())
      default: text += decisions.bytes(atMost: 4)
      }
    }
    return text
  }

  static func text(_ pieces: [[UInt8]], _ decisions: inout Decisions) -> String {
    String(decoding: bytes(pieces, &decisions), as: UTF8.self)
  }

  /// Characters that NFC replaces or reorders, and those that join what is before them.
  static let changing: [UInt32] = [
    0x340, 0x341, 0x343, 0x344, 0x374, 0x37E, 0x387, 0x958, 0xA47, 0xF73, 0x1FEF, 0x2126, 0x212A, 0x212B,
    0x2329,
    0x2ADC, 0xF900, 0xFB1D, 0x1_D15E, 0x2_F800, 0x300, 0x301, 0x308, 0x30A, 0x323, 0x327, 0x345, 0x5B0, 0x94D,
    0x1100, 0x1161, 0x1175, 0x11A7, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD7A3, 0x3099, 0x41, 0x65, 0xE9, 0x3C5,
    0x304B,
  ]

  private static let repeated: [UInt32] = [0x61, 0x20, 0xA, 0x301, 0x323, 0x31, 0x2E, 0x4E2D, 0x1_F600, 0x27]

  private static let fragments = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "'s", "'ſ", "'LL", "\r\n", " ",
    "  \n ",
    "The file was not found.", "密码错误", "١٢٣", "\u{0}", "\u{FEFF}", "\u{200D}", "ﬀ", "Ǆ",
  ]

  /// The scalar as UTF-8; surrogates and numbers beyond Unicode become U+FFFD.
  private static func utf8(_ value: UInt32) -> [UInt8] {
    Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
  }
}

/// Files that a test damages, each in a way that its seed decides.
package enum Damage {
  /// What stands in the place of other bytes: ends of structures, numbers at the edges, and text that is
  /// none.
  private static let pieces: [[UInt8]] =
    [
      "-1", "0", "1", "255", "65536", "2147483648", "4294967296", "9223372036854775807",
      "18446744073709551616",
      "1e999", "-0.0", "NaN", "null", "{}", "[]", "\"", "\\", ",", ":", "{", "}", "[", "]", "(", ")", "'",
      "\n",
      "\u{1B}[31m", "\u{0}", "\u{301}\u{323}\u{301}\u{323}", "\u{202E}", "\\ud800",
    ].map { Array($0.utf8) } + [[0xFF], [0x80], [0xC3], [0xED, 0xA0, 0x80]]

  /// `bytes` with one to three changes: bits turned, a part cut out, put in twice or replaced, the end cut
  /// off.
  package static func damaged(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1...24, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: end)
      case 4: bytes.removeSubrange(place...)
      case 5:
        let digits = bytes[place...].prefix { (0x30...0x39).contains($0) }
        bytes.replaceSubrange(
          place..<place + max(1, digits.count), with: pieces.randomElement(using: &generator) ?? [])
      default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
      }
    }
    return bytes
  }

  /// What is wrong with a sentence about a damaged file: nil where it is one line, of bounded length, that
  /// leaves the terminal alone.
  package static func fault(inSentence sentence: String) -> String? {
    if sentence.isEmpty { return "there is no sentence" }
    if sentence.utf8.count > 1500 { return "the sentence has \(sentence.utf8.count) bytes" }
    let control = sentence.unicodeScalars.first { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
    }
    return control.map { "the sentence holds U+\(String($0.value, radix: 16))" }
  }
}

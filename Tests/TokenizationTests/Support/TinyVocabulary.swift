import Tokenization

/// The 256 bytes, eleven merges over a, b and c, and a few added tokens: small enough to damage on purpose.
struct TinyVocabulary {
  var tokens: [String]
  var types: [Int32]
  var merges: [String]

  static let lettersMerges = [
    "a b", "b c", "a a", "ab ab", "aa aa", "c c", "bc cc", "abab c", "c a", "ca ab", "aaaa aaaa",
  ]
  static let ab: TokenID = 256

  init(merges: [String] = Self.lettersMerges) {
    self.merges = merges
    tokens = Self.byteSpellings
    for merge in merges { tokens.append(merge.filter { $0 != " " }) }
    types = Array(repeating: TokenType.normal.rawValue, count: tokens.count)
  }

  func vocabulary() throws -> Vocabulary {
    try Vocabulary(tokens: TokenStrings(tokens), types: types, merges: TokenStrings(merges))
  }

  func tokenizer() throws -> Tokenizer {
    try Tokenizer(vocabulary: vocabulary())
  }

  mutating func add(_ token: String, _ type: TokenType) {
    tokens.append(token)
    types.append(type.rawValue)
  }

  /// Byte-pair encoding of one piece as it is defined: again and again, the leftmost pair of lowest rank.
  func mergedByDefinition(_ text: String) -> [TokenID] {
    var pieces = text.utf8.map { Self.byteSpellings[Int($0)] }
    while true {
      let ranks = zip(pieces, pieces.dropFirst()).map { merges.firstIndex(of: $0 + " " + $1) ?? .max }
      guard let lowest = ranks.min(), lowest != .max, let index = ranks.firstIndex(of: lowest) else { break }
      pieces[index] += pieces.remove(at: index + 1)
    }
    return pieces.map { TokenID(tokens.firstIndex(of: $0)!) }
  }

  /// GPT-2's table: printable Latin-1 as itself, the other bytes from U+0100.
  static let byteSpellings: [String] = {
    let printable = Set([UInt32](0x21...0x7E) + [UInt32](0xA1...0xAC) + [UInt32](0xAE...0xFF))
    var next: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      if printable.contains(byte) { return String(Unicode.Scalar(byte)!) }
      defer { next += 1 }
      return String(Unicode.Scalar(next)!)
    }
  }()
}

import Testing
import Tokenization

/// Added tokens are found between characters, and only there.
@Suite struct AddedTokenTests {
  private func tokenizer(added bytes: [UInt8], _ type: TokenType) throws -> Tokenizer {
    let tiny = TinyVocabulary()
    let tokens = tiny.tokens.map { Array($0.utf8) } + [bytes]
    let offsets = tokens.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    return try Tokenizer(
      vocabulary: Vocabulary(
        tokens: TokenStrings(bytes: tokens.flatMap { $0 }, offsets: offsets, of: .tokens),
        types: tiny.types + [type.rawValue], merges: TokenStrings(tiny.merges)))
  }

  @Test(arguments: [TokenType.control, .unknown, .userDefined])
  func refusesWhatIsNotUTF8(_ type: TokenType) throws {
    for bytes: [UInt8] in [
      [0x84], [0xCD], [0x83, 0x95], [0xF0, 0x9F], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x61, 0x80],
      [0x61, 0xE4, 0xB8],
    ] {
      #expect(throws: TokenizationError.addedTokenNotUTF8(267)) { try tokenizer(added: bytes, type) }
    }
    #expect(throws: TokenizationError.emptyAddedToken(267)) { try tokenizer(added: [], type) }
    #expect(throws: Never.self) { try tokenizer(added: Array("中é".utf8), type) }
  }

  @Test func takesAnyBytesThatAreNotLookedFor() throws {
    for type in [TokenType.normal, .unused, .byte] {
      #expect(throws: Never.self) { try tokenizer(added: [0x84], type).encode("\u{344}") }
    }
  }

  /// The search itself finds no part of a character, whatever it is told to look for.
  @Test func findsNothingInsideOfACharacter() {
    func matches(_ token: [UInt8], in text: String) -> [Range<Int>] {
      let matcher = AddedTokenMatcher([.init(bytes: token[...], token: 7, isSpecial: true)])
      var text = text
      return text.withUTF8 { bytes in
        var found: [Range<Int>] = []
        var start = 0
        while let match = matcher.firstMatch(in: bytes, from: start) {
          found.append(match.range)
          start = match.range.upperBound
        }
        return found
      }
    }
    #expect(matches([0x84], in: "a\u{344}b") == [])
    #expect(matches([0xCD], in: "a\u{344}b") == [])
    #expect(matches([0x61, 0xCD], in: "a\u{344}b") == [])
    #expect(matches([0x84, 0x62], in: "a\u{344}b") == [])
    #expect(matches([0xCD, 0x84], in: "a\u{344}b") == [1..<3])
    #expect(matches([0x62], in: "a\u{344}bb") == [3..<4, 4..<5])
  }

  /// The shorter of two tokens is found where only the longer one would end inside of a character.
  @Test func fallsBackToAShorterMatch() {
    let matcher = AddedTokenMatcher([
      .init(bytes: [0x61], token: 1, isSpecial: false),
      .init(bytes: [0x61, 0xCD], token: 2, isSpecial: false),
    ])
    var text = "a\u{344}"
    #expect(
      text.withUTF8 { matcher.firstMatch(in: $0, from: 0) }
        == AddedTokenMatcher.Match(range: 0..<1, token: 1, isSpecial: false))
  }
}

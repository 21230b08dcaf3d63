import TestSupport
import Testing
import Tokenization

/// The catalogue of broken vocabularies: each is refused by name, and none crashes.
@Suite struct VocabularyTests {
  var tiny = TinyVocabulary()

  func expect(_ error: TokenizationError, _ damaged: TinyVocabulary) {
    #expect(throws: error) { try damaged.tokenizer() }
  }

  @Test func acceptsTheUndamaged() throws {
    #expect(try tiny.tokenizer().encode("abab") == [259])
  }

  @Test mutating func typesDoNotMatchTokens() {
    tiny.types.removeLast()
    expect(.tokenTypeCount(266, tokenCount: 267), tiny)
  }

  @Test(arguments: [0, 7, -1, .max, .min] as [Int32]) mutating func unknownType(type: Int32) {
    tiny.types[5] = type
    expect(.unknownTokenType(type, token: 5), tiny)
  }

  @Test mutating func duplicateToken() {
    tiny.add("ab", .normal)
    expect(.duplicateToken(first: 256, second: 267), tiny)
  }

  @Test mutating func missingByte() {
    tiny.tokens[0x20] = "no space"
    expect(.missingByteToken(0x20), tiny)
  }

  @Test func emptyVocabulary() {
    #expect(throws: TokenizationError.missingByteToken(0)) {
      try Vocabulary(tokens: TokenStrings([]), types: [], merges: TokenStrings([]))
    }
  }

  @Test(arguments: ["", " ", "ab", "a ", " b", "a b c", "a  b"]) mutating func malformedMerge(merge: String) {
    tiny.merges[3] = merge
    expect(.malformedMerge(3), tiny)
  }

  @Test mutating func mergeOfUnknownPieces() {
    tiny.merges[2] = "zz a"
    expect(.unknownMergeToken(merge: 2, text: "zz"), tiny)
    tiny.merges[2] = "a zz"
    expect(.unknownMergeToken(merge: 2, text: "zz"), tiny)
    tiny.merges[2] = "a z"
    expect(.unknownMergeToken(merge: 2, text: "az"), tiny)
  }

  @Test mutating func duplicateMerge() {
    tiny.merges.append("a b")
    expect(.duplicateMerge(first: 0, second: 11), tiny)
  }

  @Test mutating func tooLongAddedToken() throws {
    tiny.add(String(repeating: "x", count: 256), .userDefined)
    #expect(try tiny.tokenizer().encode(String(repeating: "x", count: 256)) == [267])
    tiny.add(String(repeating: "y", count: 257), .control)
    expect(.addedTokenTooLong(token: 268, byteCount: 257, limit: 256), tiny)
  }

  @Test(arguments: [[], [0], [1, 3], [0, 2], [0, 4], [0, 2, 1, 3], [0, -1, 3], [0, 9, 3]] as [[Int]])
  func invalidOffsets(offsets: [Int]) {
    #expect(throws: TokenizationError.invalidOffsets(.merges)) {
      try TokenStrings(bytes: [1, 2, 3], offsets: offsets, of: .merges)
    }
  }

  @Test func flatStringsAreTheSameAsStrings() throws {
    let flat = try TokenStrings(bytes: Array("abc".utf8), offsets: [0, 1, 1, 3], of: .tokens)
    #expect((0..<flat.count).map { Array(flat[$0]) } == ["a", "", "bc"].map { Array($0.utf8) })
  }

  @Test func errorsAreSentences() {
    #expect(
      TokenizationError.unknownMergeToken(merge: 7, text: "Ġx").description
        == "merge 7 needs the token 'Ġx', which is not in the vocabulary")
    #expect(
      TokenizationError.unknownMergeToken(merge: 7, text: "\u{1B}[31m").description
        == "merge 7 needs the token '\\u{1b}[31m', which is not in the vocabulary")
    #expect(
      TokenizationError.tokenTypeCount(3, tokenCount: 4).description
        == "the vocabulary has 4 tokens but 3 token types")
  }

  @Test mutating func strangeSpellingsAreTheirOwnText() throws {
    tiny.add("a 中", .normal)
    tiny.add("", .normal)
    let vocabulary = try tiny.vocabulary()
    #expect(vocabulary.piece(267) == Array("a 中".utf8))
    #expect(try tiny.tokenizer().encode("a") == [0x61])
  }

  /// Thousands of vocabularies with damaged bytes, offsets and types: an error or a tokenizer that works.
  @Test func damagedVocabulariesNeverCrash() throws {
    var generator = SeededGenerator(seed: 11)
    var accepted = 0
    var refused = 0
    for _ in 0..<3000 {
      var tokenBytes = tiny.tokens.flatMap { Array($0.utf8) }
      var mergeBytes = tiny.merges.flatMap { Array($0.utf8) }
      var tokenOffsets = tiny.tokens.reduce(into: [0]) { $0.append($0.last! + $1.utf8.count) }
      let mergeOffsets = tiny.merges.reduce(into: [0]) { $0.append($0.last! + $1.utf8.count) }
      var types = tiny.types
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let byte = UInt8.random(in: .min ... .max, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: tokenBytes[tokenBytes.indices.randomElement(using: &generator)!] = byte
        case 1: mergeBytes[mergeBytes.indices.randomElement(using: &generator)!] = byte
        case 2: tokenOffsets[tokenOffsets.indices.randomElement(using: &generator)!] += Int(byte % 5) - 2
        default: types[types.indices.randomElement(using: &generator)!] = Int32(byte % 8)
        }
      }
      do {
        let tokenizer = try Tokenizer(
          vocabulary: Vocabulary(
            tokens: TokenStrings(bytes: tokenBytes, offsets: tokenOffsets, of: .tokens), types: types,
            merges: TokenStrings(bytes: mergeBytes, offsets: mergeOffsets, of: .merges)))
        let text = "abcabaaaabbccab é\u{301} 中文\n"
        let encoding = tokenizer.encodeWithRanges(text)
        #expect(encoding.ranges.allSatisfy { $0.upperBound <= text.utf8.count })
        _ = try tokenizer.decode(encoding.ids)
        accepted += 1
      } catch {
        refused += 1
      }
    }
    #expect(accepted > 100 && refused > 100)
  }
}

import Testing
import Tokenization

@Suite struct TokenizerTests {
  let tokenizer = TestData.qwen3Tokenizer
  let literal = EncodingOptions(addedTokens: .none)

  @Test func appendsEndOfTextOnce() throws {
    let tokenizer = try tokenizer.get()
    #expect(tokenizer.encode("") == [151_643])
    #expect(tokenizer.encode("!") == [0, 151_643])
    #expect(tokenizer.encode("!#012") == [0, 2, 15, 16, 17, 151_643])
    #expect(tokenizer.encode("<|im_end|>") == [151_645, 151_643])
    #expect(tokenizer.count("!#012") == 6)
    #expect(tokenizer.encode("", options: EncodingOptions(addsConfiguredTokens: false)) == [])
  }

  @Test func putsBeginningOfTextFirst() throws {
    let vocabulary = try tokenizer.get().vocabulary
    let other = try Tokenizer(
      vocabulary: vocabulary,
      configuration: TokenizerConfiguration(beginningOfText: 151_644, endOfText: 151_645))
    let encoding = other.encodeWithRanges("!#")
    #expect(encoding.ids == [151_644, 0, 2, 151_645])
    #expect(encoding.ranges == [0..<0, 0..<1, 1..<2, 2..<2])
  }

  @Test func refusesConfiguredTokenOutsideVocabulary() throws {
    let vocabulary = try tokenizer.get().vocabulary
    #expect(throws: TokenizationError.unknownTokenID(151_669, tokenCount: 151_669)) {
      try Tokenizer(vocabulary: vocabulary, configuration: TokenizerConfiguration(endOfText: 151_669))
    }
  }

  @Test func literalTextHasNoAddedTokens() throws {
    let tokenizer = try tokenizer.get()
    let text = "<|im_end|><think>"
    #expect(tokenizer.encode(text).count == 3)
    let ids = tokenizer.encode(text, options: literal)
    #expect(ids.dropLast().allSatisfy { $0 < 151_643 })
    #expect(try tokenizer.decode(ids, skipsSpecialTokens: true) == text)
    let userDefined = tokenizer.encode(text, options: EncodingOptions(addedTokens: .userDefined))
    #expect(!userDefined.contains(151_645) && userDefined.contains(151_667))
  }

  @Test func placeholdersOfTheFileAreAddedTokens() throws {
    let tokenizer = try TestData.qwen2.get().tokenizer()
    #expect(tokenizer.encode("[PAD151646][PAD1") == [151_646] + tokenizer.encode("[PAD1", options: literal))
  }

  @Test func looksUpTokens() throws {
    let vocabulary = try tokenizer.get().vocabulary
    #expect(vocabulary.count == 151_669)
    #expect(vocabulary.token(spelled: "!") == 0)
    #expect(vocabulary.token(spelled: "Ġthe") == 279)
    #expect(vocabulary.token(spelled: "</think>") == 151_668)
    #expect(vocabulary.token(spelled: " the") == nil)
    #expect(vocabulary.piece(279) == Array(" the".utf8))
    #expect(vocabulary.piece(151_669) == nil)
    #expect(vocabulary.type(of: 151_643) == .control && vocabulary.type(of: 151_669) == nil)
  }

  @Test func decodesPartsOfCharacters() throws {
    let tokenizer = try tokenizer.get()
    let ids = tokenizer.encode("a🫠b", options: EncodingOptions(addsConfiguredTokens: false))
    #expect(try tokenizer.decode(ids) == "a🫠b")
    #expect(try tokenizer.decode(ids.prefix(2)) == "a\u{FFFD}")
    #expect(try tokenizer.decode([279, 151_643]) == " the<|endoftext|>")
    #expect(try tokenizer.decode([279, 151_643], skipsSpecialTokens: true) == " the")
    #expect(throws: TokenizationError.unknownTokenID(4_000_000_000, tokenCount: 151_669)) {
      try tokenizer.decode([4_000_000_000])
    }
  }

  @Test func anotherVocabularysWorkspaceChangesNothing() throws {
    let tokenizer = try tokenizer.get()
    let tiny = try TinyVocabulary().tokenizer()
    let workspace = tiny.makeWorkspace()
    #expect(tiny.encode("ab", workspace: workspace) == [TinyVocabulary.ab])
    #expect(tokenizer.encode("ab", workspace: workspace) == [370, 151_643])
    #expect(tiny.encode("ab", workspace: workspace) == [TinyVocabulary.ab])
  }

  @Test func concurrentCallsAgree() async throws {
    let tokenizer = try tokenizer.get()
    let texts = (0..<200).map { "text \($0), \(String(repeating: "ab\($0) ", count: $0))" }
    let expected = texts.map { tokenizer.encode($0, workspace: tokenizer.makeWorkspace()) }
    await withTaskGroup(of: [[TokenID]].self) { group in
      for _ in 0..<8 { group.addTask { texts.map { tokenizer.encode($0) } } }
      for await ids in group { #expect(ids == expected) }
    }
  }
}

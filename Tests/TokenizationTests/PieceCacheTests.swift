import TestSupport
import Testing
import Tokenization

/// Pieces are remembered by their bytes. Two that share a place in the table, and differ in a few bits, stay
/// two.
@Suite struct PieceCacheTests {
  let options = EncodingOptions(addedTokens: .none, addsConfiguredTokens: false)

  /// Each word begins with letters whose bits are all set in the letters that follow, which all words share.
  /// So their differences are the ones that a comparison loses when it mixes up its operators. Hundreds of
  /// them meet in a place.
  @Test(arguments: [8, 15, 16, 24, 31]) func tellsPiecesOfOnePlaceApart(length: Int) throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let workspace = tokenizer.makeWorkspace()
    var generator = SeededGenerator(seed: UInt64(length))
    for _ in 0..<6000 {
      let free = (0..<min(length, 8)).map { _ in "acikqsy".utf8.randomElement(using: &generator)! }
      let word = free + [UInt8](repeating: UInt8(ascii: "z"), count: length - free.count)
      let ids = word.withUnsafeBufferPointer {
        tokenizer.encode(utf8: $0, options: options, workspace: workspace)
      }
      let spelled = try tokenizer.decodeBytes(ids)
      guard spelled == word else {
        Issue.record(
          "\(String(decoding: word, as: UTF8.self)) became \(String(decoding: spelled, as: UTF8.self))")
        return
      }
    }
  }

  /// Every word of the vocabulary, one after the other through one workspace.
  @Test func tellsTheWordsOfTheVocabularyApart() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let workspace = tokenizer.makeWorkspace()
    var wrong: [String] = []
    for token in 0..<TokenID(tokenizer.vocabulary.count) {
      // NFC changes none of these.
      guard let word = tokenizer.vocabulary.piece(token), word.allSatisfy({ $0 < 0x80 }) else { continue }
      let ids = word.withUnsafeBufferPointer {
        tokenizer.encode(utf8: $0, options: options, workspace: workspace)
      }
      if try tokenizer.decodeBytes(ids) != word { wrong.append(String(decoding: word, as: UTF8.self)) }
    }
    #expect(wrong.isEmpty)
  }

  /// Pieces whose words cancel out are not the empty place.
  @Test func knowsAnEmptyPlace() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    for length in 16...31 {
      // The exclusive or of all words of the key, its length among them, is zero.
      var word = [UInt8](repeating: UInt8(ascii: "w"), count: length)
      for column in 0..<8 {
        let rest = stride(from: column + 8, to: length, by: 8).reduce(UInt8(0)) { $0 ^ word[$1] }
        word[column] = rest ^ (column == 7 ? UInt8(length) : 0)
      }
      let ids = word.withUnsafeBufferPointer { tokenizer.encode(utf8: $0, options: options) }
      #expect(try tokenizer.decodeBytes(ids) == word, "\(length) bytes")
    }
    let text = "wwwwwwwwwwwwwwwg"
    #expect(try tokenizer.decode(tokenizer.encode(text, options: options)) == text)
  }
}

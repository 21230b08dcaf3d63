import TestSupport
import Testing
import Tokenization

/// Merging against its definition, where the shortcuts could go wrong.
@Suite struct MergeOrderTests {
  @Test func longAndShortPiecesAgree() throws {
    // Around the lengths at which another cache or another algorithm takes over.
    let tiny = TinyVocabulary()
    let tokenizer = try tiny.tokenizer()
    var generator = SeededGenerator(seed: 3)
    for length in [1, 2, 15, 16, 17, 30, 31, 32, 33, 126, 127, 128, 129, 130, 300] {
      for _ in 0..<50 {
        let text = String((0..<length).map { _ in "abc".randomElement(using: &generator)! })
        #expect(tokenizer.encode(text) == tiny.mergedByDefinition(text), "\(text)")
        #expect(tokenizer.encode(text) == tiny.mergedByDefinition(text), "the second time: \(text)")
      }
    }
  }

  /// Random merges join parts of characters with their neighbors as readily as with each other.
  @Test func partsOfCharactersMergeInOrder() throws {
    var generator = SeededGenerator(seed: 5)
    let letters = ["é", "ê", "я", "中", "丮", "𐌰", "a"]
    let bytes = Set(letters.flatMap { $0.utf8 }).sorted()
    for _ in 0..<300 {
      var pieces = bytes.map { TinyVocabulary.byteSpellings[Int($0)] }
      var merges: [String] = []
      while merges.count < 24 {
        let left = pieces.randomElement(using: &generator)!
        let right = pieces.randomElement(using: &generator)!
        if !pieces.contains(left + right) {
          pieces.append(left + right)
          merges.append(left + " " + right)
        }
      }
      merges.shuffle(using: &generator)
      let tiny = TinyVocabulary(merges: merges)
      let tokenizer = try tiny.tokenizer()
      for _ in 0..<20 {
        let count = Int.random(in: 1...12, using: &generator)
        let text = (0..<count).map { _ in letters.randomElement(using: &generator)! }.joined()
        #expect(tokenizer.encode(text) == tiny.mergedByDefinition(text), "\(text) with \(merges)")
      }
    }
  }
}

import Foundation
import TestSupport
import Testing
import Tokenization

@Suite struct RangeTests {
  let plain = EncodingOptions(addsConfiguredTokens: false)

  @Test func rangesTouchAndCoverEveryText() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    for json in try TestData.lines("random.jsonl") {
      let text = try JSONDecoder().decode([String].self, from: Data(json.utf8))[0]
      let encoding = tokenizer.encodeWithRanges(text)
      #expect(encoding.ids == tokenizer.encode(text))
      #expect(encoding.ranges.count == encoding.ids.count)
      var end = 0
      for range in encoding.ranges {
        #expect(range.lowerBound == end)
        end = range.upperBound
      }
      #expect(end == text.utf8.count)
      #expect(encoding.ranges.last == end..<end)
    }
  }

  @Test func decodingGivesTheNormalForm() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let literal = EncodingOptions(addedTokens: .none, addsConfiguredTokens: false)
    for json in try TestData.lines("random.jsonl") {
      let text = try JSONDecoder().decode([String].self, from: Data(json.utf8))[0]
      let encoding = tokenizer.encodeWithRanges(text, options: literal)
      let decoded = try tokenizer.decode(encoding.ids)
      // Canonically equal texts are equal strings.
      #expect(decoded == text)
      if decoded.utf8.elementsEqual(text.utf8) {
        for (id, range) in zip(encoding.ids, encoding.ranges) {
          #expect(
            tokenizer.vocabulary.piece(id) == Array(text.utf8.dropFirst(range.lowerBound).prefix(range.count))
          )
        }
      }
    }
  }

  @Test func changedStretchBelongsToItsFirstToken() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let encoding = tokenizer.encodeWithRanges("xe\u{301}y<|im_end|>q\u{307}\u{323}!", options: plain)
    // "xéy", in which é has two bytes instead of three, then q with two marks in another order.
    #expect(encoding.ranges.first?.lowerBound == 0)
    let boundaries = Set(encoding.ranges.map(\.lowerBound))
    #expect(boundaries.contains(5) && boundaries.contains(15))
    #expect(boundaries.isDisjoint(with: [2, 3, 16, 17, 18, 19]))
    #expect(encoding.ranges.last == 20..<21)
  }

  @Test func illFormedBytesBecomeReplacementCharacters() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let cases: [([UInt8], String)] = [
      ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
      ([0xE2, 0x82], "\u{FFFD}"),
      ([0xF0, 0x9F, 0x98, 0x61], "\u{FFFD}a"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0x65, 0xCC, 0x81, 0x80, 0xE4], "e\u{301}\u{FFFD}\u{FFFD}"),
    ]
    for (bytes, repaired) in cases {
      let encoding = bytes.withUnsafeBufferPointer { tokenizer.encodeWithRanges(utf8: $0, options: plain) }
      #expect(encoding.ids == tokenizer.encode(repaired, options: plain))
      #expect(encoding.ranges.last?.upperBound == bytes.count)
      for (range, next) in zip(encoding.ranges, encoding.ranges.dropFirst()) {
        #expect(range.upperBound == next.lowerBound)
      }
    }
  }

  @Test func everyByteSequenceHasAnEncoding() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let leads: [UInt8] = [0x20, 0x41, 0x80, 0xBF, 0xC2, 0xCC, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
      let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? leads.randomElement(using: &generator)! : UInt8.random(in: .min ... .max, using: &generator)
      }
      let encoding = bytes.withUnsafeBufferPointer { tokenizer.encodeWithRanges(utf8: $0, options: plain) }
      #expect(encoding.ids == tokenizer.encode(String(decoding: bytes, as: UTF8.self), options: plain))
      #expect((encoding.ranges.last?.upperBound ?? 0) == bytes.count)
      #expect(bytes.withUnsafeBufferPointer { tokenizer.encode(utf8: $0, options: plain) } == encoding.ids)
    }
  }
}

import TestSupport
import Testing
import Tokenization

/// Making a tokenizer takes time in proportion to the vocabulary, and repair in proportion to the text; for
/// well-formed texts see ``LongTextTests``.
@Suite struct ComplexityTests {
  private static let tokenizer = Result {
    var tiny = TinyVocabulary()
    tiny.add("<|im_end|>", .control)
    tiny.add("<think>", .userDefined)
    return try tiny.tokenizer()
  }

  @Test func bytesThatAreNotUTF8() throws {
    let tokenizer = try Self.tokenizer.get()
    for byte: UInt8 in [0x80, 0xE2, 0xF0, 0xFF] {
      let excess = Growth.excess("\(byte)", from: 1 << 12) { size in
        let bytes = [UInt8](repeating: byte, count: size)
        return { #expect(bytes.withUnsafeBufferPointer { tokenizer.encode(utf8: $0).count } > 0) }
      }
      #expect(excess == nil)
    }
  }

  /// Tokens that are long, that share their beginnings, and that are looked for in text.
  @Test(arguments: ["a", "é", "\u{301}\u{323}"]) func vocabularies(_ unit: String) {
    let excess = Growth.excess("tokens", from: 500) { size in
      var tiny = TinyVocabulary()
      for index in 0..<size {
        tiny.add(String(repeating: unit, count: 40) + "\(index)", index % 2 == 0 ? .normal : .userDefined)
      }
      return { #expect((try? tiny.tokenizer()) != nil) }
    }
    #expect(excess == nil)
    let excessOfOne = Growth.excess("one token", from: 1 << 14) { size in
      var tiny = TinyVocabulary()
      tiny.add(String(repeating: unit, count: size), .normal)
      return { #expect((try? tiny.tokenizer()) != nil) }
    }
    #expect(excessOfOne == nil)
  }

  /// Two letters, and then two letters with a third.
  @Test func merges() {
    let letters = (0..<26).map { String(Unicode.Scalar(0x61 + UInt8($0))) }
    let pairs = letters.flatMap { first in letters.map { "\(first) \($0)" } }
    let triples = pairs.flatMap { pair in letters.map { pair.filter { $0 != " " } + " " + $0 } }
    let excess = Growth.excess("merges", from: 500) { size in
      let tiny = TinyVocabulary(merges: pairs + triples.prefix(size))
      return { #expect((try? tiny.tokenizer()) != nil) }
    }
    #expect(excess == nil)
  }
}

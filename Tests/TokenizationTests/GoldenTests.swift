import Foundation
import Testing
import Tokenization

/// Ids against the Hugging Face tokenizers library; tools/make_tokenizer_golden.py made the files.
@Suite struct GoldenTests {
  struct Line: Decodable {
    var text: String
    var ids: [TokenID]
    var added: String?
    var offsets: [Int]?

    var options: EncodingOptions {
      let recognition: AddedTokenRecognition =
        switch added {
        case "userDefined": .userDefined
        case "none": .none
        default: .all
        }
      return EncodingOptions(addedTokens: recognition, addsConfiguredTokens: false)
    }
  }

  @Test func idsAndOffsetsOfSentences() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    for json in try TestData.lines("texts.jsonl") {
      let line = try JSONDecoder().decode(Line.self, from: Data(json.utf8))
      let encoding = tokenizer.encodeWithRanges(line.text, options: line.options)
      #expect(encoding.ids == line.ids, "\(line.text.debugDescription)")
      if let offsets = line.offsets {
        #expect(
          encoding.ranges.flatMap { line.text.scalars(around: $0) } == offsets,
          "\(line.text.debugDescription)")
      }
    }
  }

  @Test func idsOfRandomMixtures() throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let options = EncodingOptions(addsConfiguredTokens: false)
    var count = 0
    for json in try TestData.lines("random.jsonl") {
      let fields = try JSONDecoder().decode([String].self, from: Data(json.utf8))
      var hash = TokenHash()
      hash.combine(tokenizer.encode(fields[0], options: options))
      #expect(hash.value == UInt32(fields[1], radix: 16), "\(fields[0].debugDescription)")
      count += 1
    }
    #expect(count == 4500)
  }

  @Test func idsOfEveryScalarInContext() throws {
    let contexts: [(Character) -> String] = [
      { "\($0)" }, { "a\($0)b" }, { " \($0)" }, { "\($0)\($0)" }, { "1\($0)" }, { "\($0)\n" }, { "'\($0)" },
      { "'\($0)e" }, { "'l\($0)" }, { "e\($0)" }, { "\($0)\u{301}" }, { " \($0)a" },
      { "\u{5B4}\($0)\u{323}" },
      { "\u{1100}\($0)\u{11A8}" }, { "!\($0) " }, { "  \($0)" },
    ]
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let workspace = tokenizer.makeWorkspace()
    let options = EncodingOptions(addsConfiguredTokens: false)
    var scalarCount = 0
    for line in try TestData.lines("scalars.txt") {
      let fields = line.split(separator: " ").compactMap { UInt32($0, radix: 16) }
      #expect(fields.count == 2 + contexts.count)
      for (context, expected) in zip(contexts, fields.dropFirst(2)) {
        var hash = TokenHash()
        for scalar in fields[0]..<fields[1] {
          let text = context(Character(Unicode.Scalar(scalar)!))
          hash.combine(tokenizer.encode(text, options: options, workspace: workspace))
          hash.combine([.max])
        }
        #expect(hash.value == expected, "\(context("_")) for U+\(String(fields[0], radix: 16))")
      }
      scalarCount += Int(fields[1] - fields[0])
    }
    #expect(scalarCount == 0x110000 - 0x800)
  }
}

extension String {
  /// The positions in scalars of the first and after the last scalar that share bytes with `range`.
  fileprivate func scalars(around range: Range<Int>) -> [Int] {
    var positions = [0]
    for scalar in unicodeScalars { positions.append(positions.last! + scalar.utf8.count) }
    return [
      positions.lastIndex { $0 <= range.lowerBound }!, positions.firstIndex { $0 >= range.upperBound }!,
    ]
  }
}

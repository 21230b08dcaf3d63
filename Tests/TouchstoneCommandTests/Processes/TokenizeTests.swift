import Foundation
import Testing

struct TokenizeTests {
  @Test func textsBecomeIDs() throws {
    let command = try Command.run(
      "tokenize", "--input", "-", input: "\"a\"\n{\"id\":\"x\",\"text\":\"a b\"}\n")
    #expect(command.status == 0)
    let objects = try command.jsonLines()
    let ids = try objects.map { try #require($0["ids"] as? [Int]) }
    #expect(ids.map(\.last) == [32742, 32742])
    #expect(command.lines[1].hasPrefix("{\"index\":1,\"id\":\"x\",\"ids\":["))
  }

  /// Offsets are in order, and their bytes put together are the text.
  @Test func piecesCoverTheText() throws {
    let text = "Größe: 12 日本 👍🏽\n e\u{301}"
    let object = try Command.run("tokenize", "--pieces", text).jsonLines()[0]
    let offsets = try #require(object["offsets"] as? [[Int]])
    let ids = try #require(object["ids"] as? [Int])
    let pieces = try #require(object["pieces"] as? [String])
    #expect(ids.count == offsets.count && ids.count == pieces.count)
    #expect(offsets.first?.first == 0)
    #expect(offsets.last == [text.utf8.count, text.utf8.count])
    #expect(offsets.allSatisfy { $0.count == 2 && $0[0] <= $0[1] })
    #expect(zip(offsets, offsets.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    #expect(pieces.last == "<|endoftext|>")
  }

  @Test func countsAreNumbersOneALine() throws {
    let texts = ["The file was not found.", "", "日本語のテキスト"]
    let input = texts.joined(separator: "\n") + "\n"
    let counts = try Command.run("tokenize", "--count", "--input", "-", "--lines", input: input)
    let ids = try Command.run("tokenize", "--input", "-", "--lines", input: input).jsonLines()
    #expect(counts.lines == ids.map { "\(($0["ids"] as? [Int])?.count ?? -1)" })
  }

  @Test func instructionsAreCounted() throws {
    let query = try Command.run("tokenize", "--query", "rain")
    let spelledOut = try Command.run(
      "tokenize",
      "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:rain")
    #expect(query.text == spelledOut.text)
  }

  @Test func whatWasTokenizedDecodesToItself() throws {
    let texts = ["The file was not found.", "日本語\tのテキスト", "Ünïcödé 👩‍👩‍👧", " spaces  "]
    let input = texts.joined(separator: "\n") + "\n"
    let ids = try Command.run("tokenize", "--input", "-", "--lines", input: input)
    let decoded = try Command.run("tokenize", "--decode", "--input", "-", input: ids.text)
    #expect(decoded.status == 0)
    let expected = try texts.map { try JSONSerialization.data(withJSONObject: [$0 + "<|endoftext|>"]) }
    #expect(
      try decoded.lines.map { try JSONSerialization.jsonObject(with: Data("[\($0)]".utf8)) as? [String] }
        == expected.map { try JSONSerialization.jsonObject(with: $0) as? [String] })
  }

  @Test func idsOnTheCommandLineBecomeText() throws {
    let ids = try #require(try Command.run("tokenize", "not found").jsonLines()[0]["ids"] as? [Int])
    let command = try Command.run(["tokenize", "--decode"] + ids.dropLast().map(String.init))
    #expect(command.text == "not found\n")
  }

  @Test func anIDThatDoesNotExistIsNamed() throws {
    let command = try Command.run("tokenize", "--decode", "--input", "-", input: "[1]\n[99999999]\n")
    #expect(command.status == 1)
    #expect(command.lines.count == 1)
    #expect(command.errors.hasPrefix("touchstone: standard input:2: "))
    #expect(command.errors.contains("99999999"))
  }

  @Test func aVocabularyIsEnough() throws {
    let command = try Command.run("tokenize", "!", "--model", "testdata/qwen2-vocab.gguf")
    #expect(command.status == 0)
    #expect((try command.jsonLines()[0]["ids"] as? [Int])?.first == 0)
  }
}

import Foundation
import Testing

struct EmbedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aTextBecomesAnObject() throws {
    let command = try Command.run("embed", "The file was not found.", "")
    #expect(command.status == 0)
    #expect(command.errors == "")
    let objects = try command.jsonLines()
    #expect(objects.map { $0["index"] as? Int } == [0, 1])
    for object in objects {
      #expect(
        Set(object.allKeys.compactMap { $0 as? String }) == ["index", "embedding", "tokens", "truncated"])
      let vector = try #require(object["embedding"] as? [Double])
      #expect(vector.count == 256)
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
      #expect(object["truncated"] as? Bool == false)
    }
    #expect(objects[1]["tokens"] as? Int == 1)
    #expect(command.text.hasPrefix("{\"index\":0,\"embedding\":["))
  }

  @Test func idsAndTasksComeFromRecords() throws {
    let command = try Command.run(
      "embed", "--input", "-",
      input: """
        {"text":"a","id":1.50}
        "a"

        {"id":"q\\"","text":"a","instruct":"Find it"}
        """)
    #expect(command.status == 0)
    #expect(command.lines[0].hasPrefix("{\"index\":0,\"id\":1.50,\"embedding\":["))
    #expect(command.lines[1].hasPrefix("{\"index\":1,\"embedding\":["))
    #expect(command.lines[2].hasPrefix("{\"index\":2,\"id\":\"q\\\"\",\"embedding\":["))
    let objects = try command.jsonLines()
    #expect(objects[0]["embedding"] as? [Double] == objects[1]["embedding"] as? [Double])
    #expect(objects[0]["embedding"] as? [Double] != objects[2]["embedding"] as? [Double])
  }

  @Test func badLinesAreSkippedWhereThatIsAskedFor() throws {
    let input = """
      {"text":"a"}
      {"text":"half \\ud83d"}

      {"txt":1}
      [
      {"text":"b"}
      """
    let stopped = try Command.run("embed", "--input", "-", input: input)
    #expect(stopped.status == 1 && stopped.lines.count == 1)
    #expect(stopped.errors == "touchstone: standard input:2:15: half of a surrogate pair in a string\n")
    let skipped = try Command.run("embed", "--input", "-", "--skip-bad-lines", input: input)
    #expect(skipped.status == 0)
    #expect(try skipped.jsonLines().map { $0["index"] as? Int } == [0, 4])
    let errors = skipped.errors.split(separator: "\n")
    #expect(errors.count == 4 && errors[0].contains("skipped: standard input:2:15: half of a surrogate pair"))
    #expect(errors[1].contains("standard input:4") && errors[2].contains("standard input:5"))
    #expect(errors[3].hasSuffix("3 lines were skipped"))
    #expect(try Command.run("embed", "--skip-bad-lines", "text").status == 2)
    #expect(try Command.run("embed", "--skip-bad-lines", "--input", "-", "--format", "npy").status == 2)
  }

  @Test func aQueryCarriesItsInstruction() throws {
    let task = "Given a web search query, retrieve relevant passages that answer the query"
    let query = try Command.run("embed", "--query", "how to print")
    let instruct = try Command.run("embed", "--instruct", task, "how to print")
    let spelledOut = try Command.run("embed", "Instruct: \(task)\nQuery:how to print")
    let document = try Command.run("embed", "how to print")
    #expect(query.text == spelledOut.text)
    #expect(query.text == instruct.text)
    #expect(query.text != document.text)
  }

  @Test func allFormatsHoldTheSameNumbers() throws {
    let texts = ["File not found", "Datei nicht gefunden", "ファイルが見つかりません"]
    func run(_ format: String) throws -> Command { try Command.run(["embed", "--format", format] + texts) }
    let lines = try run("jsonl").jsonLines().map {
      try #require($0["embedding"] as? [Double]).map(Float.init)
    }
    let array = try #require(
      try JSONSerialization.jsonObject(with: try run("json").output) as? [[String: Any]])
    #expect(try array.map { try #require($0["embedding"] as? [Double]).map(Float.init) } == lines)
    let raw = try run("f32").output
    #expect(Self.floats(raw) == lines.flatMap(\.self))
    let npy = try run("npy").output
    #expect(Self.floats(npy.dropFirst(128)) == lines.flatMap(\.self))
    #expect(String(decoding: npy[10..<128], as: UTF8.self).hasPrefix(Self.description(rows: 3, columns: 256)))
  }

  @Test func anArrayInAFileIsTheOneInAPipe() throws {
    let texts = "a\nb\n\nd\n"
    let piped = try Command.run("embed", "--input", "-", "--lines", "--format", "npy", input: texts)
    let path = folder.path("vectors.npy")
    let written = try Command.run(
      "embed", "--input", "-", "--lines", "--format", "npy", "--output", path, input: texts)
    #expect(written.status == 0)
    #expect(written.output.isEmpty)
    #expect(try folder.content("vectors.npy") == piped.output)
    #expect(piped.output.count == 128 + 4 * 256 * 4)
    #expect(try folder.names == ["vectors.npy"])
  }

  @Test func noTextsGiveAnEmptyResult() throws {
    func run(_ format: String) throws -> Command {
      try Command.run("embed", "--input", "-", "--format", format, input: "")
    }
    for format in ["jsonl", "f32", "table"] { #expect(try run(format).output.isEmpty) }
    #expect(try run("json").text == "[]\n")
    #expect(try run("npy").output.count == 128)
    #expect(try run("npy").text.contains(Self.description(rows: 0, columns: 256)))
    #expect(try run("jsonl").status == 0)
  }

  @Test func dimensionsAreSlicedThenNormalized() throws {
    let whole = try #require(try Command.run("embed", "a").jsonLines()[0]["embedding"] as? [Double])
    let sliced = try #require(
      try Command.run("embed", "a", "--dimensions", "32").jsonLines()[0]["embedding"] as? [Double])
    let norm = whole.prefix(32).reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(sliced.count == 32)
    #expect(zip(sliced, whole).allSatisfy { abs($0 - $1 / norm) < 1e-6 })
  }

  @Test func withoutPoolingEveryTokenHasAVector() throws {
    let object = try Command.run("embed", "The file", "--pooling", "none").jsonLines()[0]
    #expect(object["embedding"] == nil)
    #expect((object["embeddings"] as? [[Double]])?.count == object["tokens"] as? Int)
    let rows =
      try Command.run("embed", "The file", "--pooling", "none", "--format", "f32").output.count / 1024
    #expect(rows == object["tokens"] as? Int)
  }

  @Test func aLongTextIsAnErrorUnlessItMayBeCut() throws {
    let texts = ["ok", String(repeating: "word ", count: 50), "ok"]
    let input = texts.joined(separator: "\n") + "\n"
    let refused = try Command.run("embed", "--input", "-", "--lines", "--max-tokens", "16", input: input)
    #expect(refused.status == 1)
    #expect(try refused.jsonLines().count == 1)
    #expect(
      refused.errors.wholeMatch(
        of:
          /touchstone: standard input:2: the text has \d+ tokens, and 16 fit; cut it with --truncate right or left, or raise --max-tokens\n/
      ) != nil)
    for side in ["right", "left"] {
      let cut = try Command.run(
        "embed", "--input", "-", "--lines", "--max-tokens", "16", "--truncate", side, input: input)
      #expect(cut.status == 0)
      #expect(cut.errors == "touchstone: 1 of 3 texts were cut to 16 tokens (--truncate \(side))\n")
      let objects = try cut.jsonLines()
      #expect(objects.map { $0["truncated"] as? Bool } == [false, true, false])
      #expect(objects[1]["tokens"] as? Int == 16)
      #expect(try #require(objects[1]["inputTokens"] as? Int) > 50)
      #expect(objects[0]["inputTokens"] == nil)
    }
  }

  @Test func aTableIsForReading() throws {
    let command = try Command.run("embed", "--format", "table", "two\nlines", "\u{1B}[31mred")
    #expect(command.lines.count == 3)
    #expect(command.lines[0] == "index  tokens    norm  first components              text")
    #expect(command.lines[1].hasSuffix("…    two⏎lines"))
    #expect(command.lines[1].contains("  1.0000  "))
    #expect(!command.text.contains("\u{1B}"))
  }

  private static func floats(_ data: Data) -> [Float] {
    stride(from: data.startIndex, to: data.endIndex, by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) })
    }
  }

  private static func description(rows: Int, columns: Int) -> String {
    "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
  }
}

import Testing
import TouchstoneCommand

struct InputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func plainText(_ content: [UInt8], chunkSize: Int = 1 << 18) throws -> [String] {
    let path = try folder.file("texts.txt", content)
    return try PlainTextReader(LineReader(path: path, chunkSize: chunkSize)).readAll().map(\.text)
  }

  private func plainText(_ content: String, chunkSize: Int = 1 << 18) throws -> [String] {
    try plainText(Array(content.utf8), chunkSize: chunkSize)
  }

  private func jsonLines(_ content: String) throws -> [InputItem] {
    try JSONLinesReader(LineReader(path: folder.file("texts.jsonl", content))).readAll()
  }

  /// The sentence of the error that `work` throws, without the folder's name.
  private func sentence(_ work: () throws -> Void) -> String? {
    do {
      try work()
      return nil
    } catch {
      return "\(error)".replacing(folder.url.path + "/", with: "")
    }
  }

  @Test func everyLineIsAText() throws {
    #expect(try plainText("") == [])
    #expect(try plainText("\n") == [""])
    #expect(try plainText("a\n\nb") == ["a", "", "b"])
    #expect(try plainText("a\r\nb\r\n") == ["a", "b"])
    #expect(try plainText(" a\rb \n") == [" a\rb "])
    #expect(try plainText("a\u{0}b\n") == ["a\u{0}b"])
  }

  @Test(arguments: [1, 2, 3, 7, 64])
  func chunksDoNotShow(chunkSize: Int) throws {
    let texts = ["", "é", "日本語のテキスト", "x", "", String(repeating: "long ", count: 100)]
    #expect(try plainText(texts.joined(separator: "\n") + "\n", chunkSize: chunkSize) == texts)
    #expect(try plainText(texts.joined(separator: "\r\n") + "\r\n", chunkSize: chunkSize) == texts)
  }

  @Test func aByteOrderMarkIsNoText() throws {
    #expect(try plainText("\u{FEFF}a\n\u{FEFF}b") == ["a", "\u{FEFF}b"])
  }

  @Test func invalidUTF8NamesLineAndByte() throws {
    #expect(
      sentence { _ = try plainText(Array("fine\nbr".utf8) + [0xFF, 0x0A]) }
        == "texts.txt:2: byte 3 of the line is not UTF-8; convert the file to UTF-8")
  }

  @Test func recordsCarryIDsAndTasks() throws {
    let items = try jsonLines(
      #"""
      "plain"

      {"id": 1.50, "text": "number", "other": [1, {}]}
      {"text": "string", "id": "a\"b", "instruct": "Find it"}
      {"text": "", "id": null}
      """#)
    #expect(items.map(\.text) == ["plain", "number", "string", ""])
    #expect(items.map(\.index) == [0, 1, 2, 3])
    #expect(items.map(\.location.number) == [1, 3, 4, 5])
    #expect(items.map(\.id) == [nil, .number("1.50"), .string("a\"b"), nil])
    #expect(items.map(\.task) == [nil, nil, "Find it", nil])
  }

  @Test(arguments: [
    ("{\"id\":1}", "texts.jsonl:1: the object has no \"text\", but \"id\""),
    ("\"a\"\n{\"text\":7}", "texts.jsonl:2: \"text\" must be a string, found a number"),
    ("{\"text\":null}", "texts.jsonl:1: \"text\" must be a string, found null"),
    ("{\"text\":\"\",\"id\":[]}", "texts.jsonl:1: \"id\" must be a string or a number, found an array"),
    (
      "{\"text\":\"\",\"instruct\":true}", "texts.jsonl:1: \"instruct\" must be a string, found a truth value"
    ),
    (
      "[1]",
      "texts.jsonl:1: expected a JSON string or an object with \"text\", found an array; for plain text, one a line, "
        + "add --lines"
    ),
    (
      " Hello",
      "texts.jsonl:1:2: expected a JSON value, found 'H'; for plain text, one a line, add --lines"
    ),
    ("\n{\"é\": tru}", "texts.jsonl:2:7: expected 'true'"),
  ])
  func wrongRecordsAreExplained(content: String, expected: String) {
    #expect(sentence { _ = try jsonLines(content) } == expected)
  }

  @Test func invalidUTF8InJSONIsNamedAsSuch() throws {
    let path = try folder.file("texts.jsonl", [0x22, 0x61, 0xC3, 0x22])
    #expect(
      sentence { _ = try JSONLinesReader(LineReader(path: path)).readAll() }
        == "texts.jsonl:1: byte 3 of the line is not UTF-8; convert the file to UTF-8")
  }

  @Test func tokenIDsComeFromArraysAndRecords() throws {
    let path = try folder.file("ids.jsonl", "[1, 2]\n{\"index\":0,\"ids\":[]}\n")
    let reader = TokenIDReader(try LineReader(path: path))
    #expect(try reader.next()?.ids == [1, 2])
    #expect(try reader.next()?.ids == [])
    #expect(try reader.next() == nil)
    #expect(try TokenIDReader.ids(arguments: ["1,2", "3 4"]) == [1, 2, 3, 4])
    #expect(throws: CommandError.self) { try TokenIDReader.ids(arguments: ["1.5"]) }
  }

  @Test func batchesHoldAboutTheirSize() throws {
    var batcher = InputBatcher(ArgumentReader(["aaaa", "bbbb", "", "", "c"]), bytes: 16)
    #expect(try batcher.next().map(\.text) == ["aaaa", "bbbb"])
    #expect(try batcher.next().map(\.text) == ["", "", "c"])
    #expect(try batcher.next().isEmpty)
  }

  @Test func textsBeforeAFaultComeOutFirst() throws {
    let path = try folder.file("texts.jsonl", "\"a\"\n\"b\"\n3\n\"c\"\n")
    var batcher = InputBatcher(JSONLinesReader(try LineReader(path: path)), bytes: 1000)
    #expect(try batcher.next().map(\.text) == ["a", "b"])
    #expect(throws: CommandError.self) { try batcher.next() }
    #expect(throws: CommandError.self) { try batcher.next() }
  }
}

extension InputReader {
  fileprivate func readAll() throws -> [InputItem] {
    var items: [InputItem] = []
    while let item = try next() { items.append(item) }
    return items
  }
}

import Foundation
import Testing

struct SearchTests {
  private let folder: TemporaryFolder
  private let corpus: String

  init() throws {
    folder = try TemporaryFolder()
    corpus = try folder.file(
      "corpus.jsonl",
      """
      {"id":"disk","text":"The disk is full."}
      "Datei nicht gefunden"
      {"id":7,"text":"The printer is ready."}
      "The password is wrong."
      """)
  }

  @Test func theNearestComeFirst() throws {
    let command = try Command.run(
      "search", "--corpus", corpus, "--no-instruct", "-k", "2", "The printer is ready.")
    #expect(command.status == 0)
    #expect(command.lines.count == 3)
    #expect(command.lines[0] == "The printer is ready.")
    #expect(command.lines[1].hasPrefix("   1   1.000  7"))
    #expect(command.lines[1].hasSuffix("  The printer is ready."))
  }

  @Test func resultsAreRecords() throws {
    let command = try Command.run("search", "--corpus", corpus, "--format", "jsonl", "printer", "password")
    let objects = try command.jsonLines()
    #expect(objects.map { $0["query"] as? Int } == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(objects.map { $0["rank"] as? Int } == [1, 2, 3, 4, 1, 2, 3, 4])
    let scores = try objects.map { try #require($0["score"] as? Double) }
    #expect(scores[..<4].sorted(by: >) == Array(scores[..<4]))
    #expect(Set(objects[..<4].compactMap { $0["index"] as? Int }) == [0, 1, 2, 3])
    #expect(objects.first { $0["index"] as? Int == 2 }?["id"] as? Int == 7)
    #expect(objects.first { $0["index"] as? Int == 1 }?["id"] == nil)
  }

  /// Scores are the cosines that `similarity` gives, with the query instruction on queries only.
  @Test func queriesCarryTheInstruction() throws {
    let text = "The disk is full."
    func score(_ options: String...) throws -> Double {
      let lines = try Command.run(["search", "--corpus", corpus, "--format", "jsonl", text] + options)
        .jsonLines()
      return try #require(lines.first { $0["index"] as? Int == 0 }?["score"] as? Double)
    }
    func cosine(_ options: String...) throws -> Double {
      let output = try Command.run(["similarity", "--against", text, text, "--format", "json"] + options)
        .output
      let object = try JSONSerialization.jsonObject(with: output) as? [String: Any]
      return try #require((object?["similarity"] as? [[Double]])?.first?.first)
    }
    #expect(try score() == cosine())
    #expect(try score("--instruct", "Find it") == cosine("--instruct", "Find it"))
    #expect(try abs(score("--no-instruct") - 1) < 1e-6)
    #expect(try score() < 0.9999)
  }

  @Test func aPlainCorpusMayComeThroughAPipe() throws {
    let command = try Command.run(
      "search", "--corpus", "-", "--lines", "b", "--no-instruct", input: "a\nb\n\nc")
    #expect(command.status == 0)
    #expect(command.lines.count == 5)
    #expect(command.lines[1].hasPrefix("   1   1.000  line 2  b"))
  }

  @Test func anEmptyCorpusHasNoMatches() throws {
    let command = try Command.run("search", "--corpus", "-", "a", "--format", "jsonl", input: "")
    #expect(command.status == 0)
    #expect(command.output.isEmpty)
  }
}

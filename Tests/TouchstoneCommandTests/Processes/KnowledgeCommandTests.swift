import Foundation
import Testing

@Suite(.serialized) struct KnowledgeCommandTests {
  private let folder: TemporaryFolder
  private let base: String

  init() throws {
    folder = try TemporaryFolder()
    base = folder.path("base")
  }

  private static let documents = "testdata/knowledge/documents"

  private func add(_ path: String) throws -> NSDictionary {
    let command = try Command.run("kb", "add", base, path, "--json")
    #expect(command.status == 0, "\(command.errors)")
    return try #require(try command.jsonLines().last)
  }

  @Test func addsAsksAndBringsUpToDate() throws {
    let first = try add(Self.documents)
    #expect(first["added"] as? Int == 12)
    #expect(first["failed"] as? Int == 0)
    #expect(try #require(first["chunksEmbedded"] as? Int) >= 12)
    let second = try add(Self.documents)
    #expect(second["unchanged"] as? Int == 12)
    #expect(second["chunksEmbedded"] as? Int == 0)

    let search = try Command.run("kb", "search", base, "保修期", "goods returned", "--json", "--top", "3")
    #expect(search.status == 0, "\(search.errors)")
    let results = try search.jsonLines()
    #expect(results.map { $0["query"] as? String } == ["保修期", "goods returned"])
    let hits = try #require(results[0]["hits"] as? [NSDictionary])
    #expect(hits.map { $0["rank"] as? Int } == [1, 2, 3])
    let best = try #require(hits.first { $0["keywordRank"] as? Int == 1 })
    #expect((best["path"] as? String)?.contains("zh") == true)
    #expect((best["text"] as? String)?.contains("保修期") == true)
    #expect(best["start"] is Int && best["end"] is Int && best["line"] is Int && best["heading"] is [String])

    let filtered = try Command.run(
      "kb", "search", base, "the warranty", "--json", "--filter", "lang=de type=markdown", "--vectors")
    let german = try #require(try filtered.jsonLines()[0]["hits"] as? [NSDictionary])
    #expect(!german.isEmpty)
    #expect(german.allSatisfy { $0["language"] as? String == "de" && $0["cosine"] is Double })

    #expect(try Command.run("kb", "list", base).lines.count == 12)
    #expect(try Command.run("kb", "status", base).text.contains("documents  12"))
    #expect(try Command.run("kb", "check", base, "--samples", "20").status == 0)
    let show = try Command.run("kb", "show", base, "returns.en.md")
    #expect(show.text.contains("format    markdown"))
    #expect(try Command.run("kb", "remove", base, "returns.en.md").text == "1 removed\n")
    #expect(try Command.run("kb", "list", base).lines.count == 11)
  }

  @Test func refusesOtherVectorsAndNamesThem() throws {
    _ = try add(Self.documents + "/returns.en.md")
    let other = try Command.run("kb", "add", base, Self.documents, "--dimensions", "32")
    #expect(other.status == 1)
    #expect(other.errors.contains("their vectors cannot be compared"))
    let again = try Command.run("kb", "add", base, "--reembed", "--dimensions", "32", "--json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try Command.run("kb", "status", base).text.contains("32 dimensions"))
    #expect(try Command.run("kb", "search", base, "refund").status == 0)
    #expect(try Command.run("kb", "check", base, "--samples", "5").status == 0)
    let none = try Command.run("kb", "search", base + "-none", "refund")
    #expect(none.status == 1)
    #expect(none.errors.contains("there is no knowledge base at"))
  }

  @Test func cutsADocumentWithExactCounts() throws {
    let command = try Command.run(
      "chunk", Self.documents + "/returns.en.md", "--json", "--chunk-tokens", "40")
    let pieces = try command.jsonLines()
    #expect(pieces.count > 2)
    for piece in pieces {
      let text = try #require(piece["lead"] as? String) + (try #require(piece["text"] as? String))
      let tokens = try Command.run("tokenize", "--count", text)
      let first = try #require(tokens.lines.first)
      let count = try #require(Int(first))
      #expect(piece["tokens"] as? Int == count)
      #expect(count <= 40)
    }
  }

  /// Each time another part of the work is cut off; what was done is kept, and the base is whole.
  @Test func isWholeAfterThirtyKills() throws {
    let documents = folder.path("documents")
    try FileManager.default.createDirectory(atPath: documents, withIntermediateDirectories: true)
    for index in 0..<150 {
      let text = (0..<8).map { "Sentence \($0) of document \(index) says \(index * 31 + $0)." }.joined(
        separator: "\n\n")
      try Data("# Document \(index)\n\n\(text)\n".utf8).write(to: URL(filePath: "\(documents)/\(index).md"))
    }
    var kills = 0
    for round in 0..<30 {
      let process = Command.makeProcess([
        "kb", "add", base, documents, "--no-progress", "--chunk-tokens", "24",
      ])
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let end = Date(timeIntervalSinceNow: 0.02 + 0.02 * Double(round))
      while process.isRunning, Date() < end { usleep(2_000) }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        kills += 1
      }
      process.waitUntilExit()
      guard FileManager.default.fileExists(atPath: base + "/catalogue.sqlite") else { continue }
      let check = try Command.run("kb", "check", base)
      #expect(
        check.status == 0 || check.errors.contains("there is no knowledge base"),
        "\(check.text)\(check.errors)")
    }
    #expect(kills >= 3)
    #expect(try Command.run("kb", "add", base, documents, "--chunk-tokens", "24").status == 0)
    #expect(try Command.run("kb", "list", base).lines.count == 150)
    #expect(try Command.run("kb", "check", base).status == 0)
  }

  @Test func letsOnlyOneOfTwoWritersIn() throws {
    let arguments = ["kb", "add", base, Self.documents]
    let one = Command.makeProcess(arguments)
    let two = Command.makeProcess(arguments)
    for process in [one, two] {
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
    }
    one.waitUntilExit()
    two.waitUntilExit()
    // Either one was refused, or the second began after the first had ended.
    #expect([one, two].contains { $0.terminationStatus == 0 })
    #expect([one, two].allSatisfy { $0.terminationReason == .exit })
    #expect(try Command.run("kb", "check", base).status == 0)
    #expect(try Command.run("kb", "list", base).lines.count == 12)
  }
}

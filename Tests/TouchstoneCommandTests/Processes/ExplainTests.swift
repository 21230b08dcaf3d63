import Foundation
import Testing

struct ExplainTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aTextIsExplainedInEightyColumns() throws {
    let command = try Command.run("explain", "The file was not found, naïve Cafe\u{301} 東京 <|im_end|>")
    #expect(command.status == 0, "\(command.errors)")
    for heading in ["TOKENS", "MERGES", "RESIDUAL STREAM", "ATTENTION", "DIMENSIONS", "PRECISION", "NEAREST"]
    {
      #expect(command.text.contains("\n\(heading)"), "\(heading)")
    }
    #expect(!command.text.contains("\u{1B}"))
    #expect(command.text.contains("NFC, at byte"))
    for line in command.lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func partsAreChosen() throws {
    let command = try Command.run("explain", "--show", "merges", "--piece", "1", "The unbelievable news")
    #expect(command.status == 0)
    #expect(command.text.contains("MERGES of piece 1, ·unbelievable"))
    #expect(!command.text.contains("TOKENS"))
  }

  @Test func aMatchIsExplained() throws {
    let command = try Command.run(
      "explain", "--query", "disk full", "--document", "No space left on the device.", "--document",
      "It rains.",
      "--show", "match")
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.text.contains("WHY document A is above document B"))
    #expect(command.text.contains("What carries it in document A, by word:"))
    let reranker = try Command.run(
      "explain", "disk full", "--document", "No space left.", "--model", "testdata/models/rerank-yes-no.gguf",
      "--show",
      "match")
    #expect(reranker.status == 0 && reranker.text.contains("MATCH of the query and the document: score 0."))
  }

  /// What a word carries is the difference of two cosines that `similarity` prints.
  @Test func theNumbersAreThoseOfTheOtherCommands() throws {
    let command = try Command.run("explain", "--query", "disk full", "--document", "No space left", "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: command.output) as? [String: Any])
    let match = try #require((object["match"] as? [String: Any])?["documents"] as? [[String: Any]])
    let words = try #require((match[0]["document"] as? [String: Any])?["words"] as? [[String: Any]])
    let similarity = try Command.run(
      "similarity", "--against", "disk full", "No space left", "space left", "No left", "No space",
      "--format", "json")
    let other = try #require(try JSONSerialization.jsonObject(with: similarity.output) as? [String: Any])
    let cosines = try #require(other["similarity"] as? [[Double]])[0]
    let found = [match[0]["value"]] + words.map { $0["without"] }
    for (found, wanted) in zip(found, cosines) {
      #expect(Float(try #require(found as? Double)) == Float(wanted))
    }
  }

  @Test func aPageIsWritten() throws {
    let page = folder.path("page.html")
    let command = try Command.run("explain", "disk full", "--html", page)
    #expect(command.status == 0 && command.text.isEmpty)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.hasPrefix("<!doctype html>") && text.contains("<svg class=\"plot\""))
  }

  @Test func formatsAreCompared() throws {
    let command = try Command.run(
      "explain", "abc", "--model", "testdata/models/q4_k_m.gguf", "--against", "testdata/models/q4_k_m.gguf",
      "--show",
      "vector")
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.text.contains("\nFORMAT"))
    let other = try Command.run("explain", "abc", "--against", "testdata/models/q4_k_m.gguf")
    #expect(other.status == 2 && other.errors.contains("the file to compare with has"))
  }

  @Test(arguments: [
    (["explain"], "No text given"), (["explain", "a", "b"], "An explanation is of one text, found 2"),
    (["explain", "a", "--show", "tokens,all"], "--show has 'all', but its parts are match"),
    (["explain", "a", "--json", "--show", "tokens"], "leave out --show"),
    (["explain", "a", "--pooling", "none"], "choose another"),
    (["explain", "a", "--html", "f", "--json"], "--html writes a whole page"),
    (["explain", "a", "--document", "b", "--document", "c", "--document", "d"], "compare at most two"),
    (
      ["explain", "a", "--model", "testdata/models/rerank-yes-no.gguf"], "is a reranker, which reads a query"
    ),
    (["explain", "a", "--piece", "5"], "piece is 5, but the text has 1 pieces"),
  ])
  func wrongUsesAreRefused(_ arguments: [String], _ sentence: String) throws {
    let command = try Command.run(arguments)
    #expect(command.status == 2 || command.status == 64, "\(command.status)")
    #expect(command.errors.contains(sentence), "\(command.errors)")
  }
}

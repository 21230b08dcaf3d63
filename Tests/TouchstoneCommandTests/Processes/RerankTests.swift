import Foundation
import Testing

struct RerankTests {
  private let folder: TemporaryFolder
  private let documents: String
  private static let model = "testdata/models/rerank-yes-no.gguf"

  init() throws {
    folder = try TemporaryFolder()
    documents = try folder.file(
      "documents.jsonl",
      """
      {"id":"disk","text":"The disk is full."}
      "Datei nicht gefunden"
      {"id":7,"text":"The printer is ready.","instruct":"of no account here"}

      "The disk is full."
      """)
  }

  private func rerank(
    _ options: String..., query: String = "disk full", input: String? = nil
  ) throws -> Command {
    try Command.run(
      ["rerank", "--model", Self.model, "--query", query] + options, input: input.map { Data($0.utf8) })
  }

  @Test func resultsAreRecordsBestFirst() throws {
    let command = try rerank("--documents", documents)
    #expect(command.status == 0 && command.errors == "")
    let objects = try command.jsonLines()
    let scores = try objects.map { try #require($0["score"] as? Double) }
    #expect(scores == scores.sorted(by: >) && scores.allSatisfy { (0...1).contains($0) })
    #expect(Set(objects.compactMap { $0["index"] as? Int }) == [0, 1, 2, 3])
    #expect(objects.first { $0["index"] as? Int == 2 }?["id"] as? Int == 7)
    #expect(objects.first { $0["index"] as? Int == 1 }?["id"] == nil)
    #expect(objects.allSatisfy { ($0["tokens"] as? Int ?? 0) > 100 && $0["truncated"] as? Bool == false })
    // Equal documents have equal scores, and keep their order.
    let places = objects.compactMap { $0["index"] as? Int }
    let first = try #require(places.firstIndex(of: 0))
    #expect(places[first + 1] == 3 && scores[first] == scores[first + 1])
    #expect(command.text.hasPrefix("{\"index\":\(places[0]),"))
  }

  @Test func topKeepsTheBest() throws {
    let all = try rerank("--documents", documents).lines
    #expect(try rerank("--documents", documents, "--top", "2").lines == Array(all.prefix(2)))
    #expect(try rerank("--documents", documents, "-k", "9").lines == all)
  }

  @Test func rawScoresAreLogits() throws {
    let texts = ["The disk is full.", "Datei nicht gefunden"]
    let scores = try rerank(texts[0], texts[1]).jsonLines()
    let raw = try rerank(texts[0], texts[1], "--raw-scores").jsonLines()
    for (score, raw) in zip(scores, raw) {
      #expect(score["index"] as? Int == raw["index"] as? Int)
      let probability = 1 / (1 + exp(-(try #require(raw["score"] as? Double))))
      #expect(abs(try #require(score["score"] as? Double) - probability) < 1e-6)
    }
  }

  @Test func aTableShowsTheTexts() throws {
    let command = try rerank("--documents", "-", "--lines", "--format", "table", input: "a\n\nb\n")
    #expect(command.status == 0)
    #expect(command.lines.count == 4)
    #expect(command.lines[0] == "disk full")
    #expect(command.lines[1].hasPrefix("   1   0."))
    #expect(
      Set(command.lines.dropFirst().map { $0.dropFirst(14).prefix(6) }) == ["line 1", "line 2", "line 3"])
  }

  /// Many documents come in several calls of the engine; a score is that of the document alone.
  @Test func longInputsAreScoredInParts() throws {
    let texts = (0..<40).map { "message number \($0)" }
    let input = texts.joined(separator: "\n") + "\n"
    let whole = try rerank("--documents", "-", "--lines", input: input).jsonLines()
    let parts = try rerank("--documents", "-", "--lines", "--batch-tokens", "20", input: input).jsonLines()
    #expect(whole.count == 40 && whole == parts)
    let best = try #require(whole[0]["index"] as? Int)
    #expect(try rerank(texts[best]).jsonLines()[0]["score"] as? Double == whole[0]["score"] as? Double)
  }

  @Test func instructionsCount() throws {
    let web = "Given a web search query, retrieve relevant passages that answer the query"
    #expect(try rerank("a").lines == rerank("a", "--instruct", web).lines)
    #expect(try rerank("a").lines != rerank("a", "--instruct", "Find it").lines)
  }

  @Test func cutsAreReported() throws {
    let long = String(repeating: "disk full ", count: 50)
    let refused = try rerank("b", long, "--max-tokens", "200")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.hasPrefix("touchstone: argument 2: the document has, with the query, "))
    #expect(
      refused.errors.hasSuffix(
        " tokens, and 200 fit; cut it with --truncate right or left, or raise --max-tokens\n"))
    let cut = try rerank("b", long, "--max-tokens", "200", "--truncate", "left")
    #expect(cut.errors == "touchstone: 1 of 2 texts were cut to 200 tokens (--truncate left)\n")
    let object = try #require(try cut.jsonLines().first { $0["index"] as? Int == 1 })
    #expect(object["truncated"] as? Bool == true && object["tokens"] as? Int == 200)
    #expect(object["inputTokens"] as? Int ?? 0 > 200)
    let query = try rerank("b", "--max-tokens", "200", "--truncate", "right", query: long)
    #expect(query.status == 1)
    #expect(query.errors.hasPrefix("touchstone: the instruction, the query and the prompt around them have "))
  }

  @Test(arguments: [
    ([], "No document given: pass documents as arguments, or --documents FILE (- for standard input)."),
    (["a", "--documents", "-"], "Pass documents as arguments or with --documents, not both."),
    (["a", "--lines"], "--lines says what --documents holds; add --documents FILE (- for standard input)."),
    (["a", "--top", "0"], "--top must be at least 1, found 0."),
    (["a", "--query", ""], "--query is empty: there is nothing to judge documents by."),
    (["a", "--threads", "0"], "--threads must be at least 1, found 0."),
    (["a", "--max-tokens", "0"], "--max-tokens must be at least 1, found 0."),
    (
      ["a", "--max-tokens", "8193"], "the maximum of tokens is 8193, but this model's context holds 1 to 8192"
    ),
    (["a", "--batch-tokens", "0"], "--batch-tokens must be at least 1, found 0."),
  ])
  func aWrongCommandLineIsStatusTwo(options: [String], sentence: String) throws {
    let command = try Command.run(["rerank", "--query", "q", "--model", Self.model] + options)
    #expect(command.status == 2)
    #expect(command.errors.split(separator: "\n").first == "touchstone: \(sentence)")
  }

  @Test(arguments: [
    ("{\"text\":3}", "standard input:1: \"text\" must be a string, found a number"),
    ("\"a\"\n{\"body\":\"b\"}", "standard input:2: the object has no \"text\""),
    ("plain", "standard input:1:1: "),
  ])
  func aWrongDocumentIsNamed(input: String, sentence: String) throws {
    let command = try rerank("--documents", "-", input: input)
    #expect(command.status == 1 && command.output.isEmpty)
    #expect(command.errors.hasPrefix("touchstone: \(sentence)"))
  }

  @Test func theModelIsNamedOrRefused() throws {
    let arguments = ["rerank", "--query", "q", "a"]
    let none = try Command.run(arguments, environment: ["TOUCHSTONE_RERANK_MODEL": ""])
    #expect(
      none.errors
        == "touchstone: no reranker: fetch one with 'touchstone pull reranker-0.6B' and pass --model reranker-0.6B, pass --model FILE.gguf, or set TOUCHSTONE_RERANK_MODEL\n"
    )
    let named = try Command.run(arguments, environment: ["TOUCHSTONE_RERANK_MODEL": Self.model])
    #expect(named.lines == (try rerank("a", query: "q").lines))
    let embedding = try Command.run(arguments + ["--model", "testdata/demo/demo-q4_k_m.gguf"])
    #expect(embedding.status == 1)
    #expect(
      embedding.errors.hasPrefix(
        "touchstone: testdata/demo/demo-q4_k_m.gguf: the file is an embedding model "))
    let reranker = try Command.run("embed", "a", "--model", Self.model)
    #expect(reranker.status == 0)
    #expect(reranker.errors.hasPrefix("touchstone: warning: the file is a reranker: "))
  }

  @Test func noDocumentsNoScores() throws {
    let command = try rerank("--documents", "-", input: "")
    #expect(command.status == 0 && command.output.isEmpty && command.errors == "")
  }

  /// The nearest texts, in the reranker's order and with its scores.
  @Test func aSearchMayBeReranked() throws {
    let corpus = ["search", "--corpus", documents, "--format", "jsonl", "disk full", "printer"]
    let near = try Command.run(corpus + ["-k", "3"]).jsonLines()
    let both = try Command.run(corpus + ["-k", "2", "--rerank", Self.model, "--rerank-top", "3"]).jsonLines()
    #expect(both.map { $0["query"] as? Int } == [0, 0, 1, 1])
    #expect(both.map { $0["rank"] as? Int } == [1, 2, 1, 2])
    for (index, query) in ["disk full", "printer"].enumerated() {
      let candidates = near.filter { $0["query"] as? Int == index }
      let texts = try candidates.map { try #require($0["text"] as? String) }
      let expected = try Command.run(["rerank", "--model", Self.model, "--query", query, "-k", "2"] + texts)
        .jsonLines()
      for (found, expected) in zip(both.filter { $0["query"] as? Int == index }, expected) {
        let candidate = candidates[try #require(expected["index"] as? Int)]
        #expect(found["index"] as? Int == candidate["index"] as? Int)
        #expect(found["score"] as? Double == expected["score"] as? Double)
        #expect(found["similarity"] as? Double == candidate["score"] as? Double)
      }
    }
  }

  @Test func theOptionsOfAReranksSearchAreChecked() throws {
    let search = ["search", "--corpus", documents, "a"]
    let alone = try Command.run(search + ["--rerank-top", "5"])
    #expect(alone.status == 2 && alone.errors.contains("--rerank-top is about --rerank; add --rerank PATH."))
    let few = try Command.run(search + ["--rerank", Self.model, "--rerank-top", "5"])
    #expect(
      few.status == 2 && few.errors.contains("--rerank-top must be at least --top, which is 10, found 5."))
    let embedding = try Command.run(search + ["--rerank", "testdata/demo/demo-q4_k_m.gguf"])
    #expect(embedding.status == 1 && embedding.errors.contains("the file is an embedding model"))
  }

  @Test(arguments: [
    ("yes-no", "rows 0 and 1 of cls.output.weight", nil),
    ("no-yes", "rows 1 and 0 of cls.output.weight", nil),
    ("output", "rows 557 and 556 of output.weight", "there is no cls.output.weight: "),
    ("tied", "rows 557 and 556 of token_embd.weight", "there is no cls.output.weight: "),
    ("one-row", "the one row of cls.output.weight", nil),
  ])
  func rerankersAreDescribed(name: String, rows: String, warning: String?) throws {
    let command = try Command.run("inspect", "testdata/models/rerank-\(name).gguf")
    #expect(command.text.contains("\n  kind              reranker, yes and no from \(rows)\n"))
    #expect(command.lines.filter { $0.hasPrefix("warning: ") }.count == (warning == nil ? 0 : 1))
    if let warning { #expect(command.text.contains("\nwarning: \(warning)")) }
    let json = try Command.run("inspect", "--json", "testdata/models/rerank-\(name).gguf").jsonLines()[0]
    #expect(json["kind"] as? String == "reranker")
    let head = try #require(json["rankHead"] as? [String: Any])
    #expect(rows.hasSuffix(" \(head["tensor"] as? String ?? "?")"))
  }

  @Test func aRandomRerankerIsMade() throws {
    let path = folder.path("model.gguf")
    let command = try Command.run(
      "make-model", "--reranker", "--shape", "custom", "--layers", "1", "--hidden", "64", "--feed-forward",
      "96",
      "--heads", "4", "--key-value-heads", "2", "--head-dimension", "16", "--vocabulary-size", "300",
      "--type",
      "q8_0", path)
    #expect(command.status == 0)
    #expect(try Command.run("inspect", path).text.contains("reranker, yes and no from rows 0 and 1 of"))
    let reranked = try Command.run("rerank", "--model", path, "--query", "q", "a", "b")
    #expect(reranked.status == 0 && reranked.lines.count == 2 && reranked.errors == "")
  }
}

import Foundation
import Testing

/// The subcommand `make-model`.
struct MakeModelTests {
  private let folder: TemporaryFolder
  private static let tiny = [
    "--shape", "custom", "--layers", "1", "--hidden", "64", "--feed-forward", "96", "--heads", "4",
    "--key-value-heads", "2", "--head-dimension", "16",
  ]

  init() throws { folder = try TemporaryFolder() }

  private func make(_ arguments: [String]) throws -> Command { try Command.run(["make-model"] + arguments) }

  @Test func aModelIsMadeAndEmbeds() throws {
    let path = folder.path("model.gguf")
    let command = try make(Self.tiny + ["--type", "q8_0", "--vocabulary-size", "300", "--seed", "3", path])
    #expect(command.status == 0)
    #expect(command.errors == "")
    #expect(command.text.hasPrefix("\(path): "))
    #expect(command.text.contains(" bytes, 13 tensors, 50,144 weights, Q8_0, seed 3, in "))
    let embedded = try Command.run("embed", "a", "b", "--model", path)
    #expect(embedded.status == 0)
    #expect(try embedded.jsonLines().compactMap { ($0["embedding"] as? [Double])?.count } == [64, 64])
  }

  @Test func theRepositoryGivesTheVocabulary() throws {
    let path = folder.path("model.gguf")
    #expect(try make(Self.tiny + ["--type", "q4_0", path]).status == 0)
    let command = try Command.run("tokenize", "!#012", "--model", path)
    #expect(command.lines == [#"{"index":0,"ids":[0,2,15,16,17,151643]}"#])
    let summary = try Command.run("inspect", path).text
    #expect(summary.contains("vocabulary        151,669 tokens, 151,387 merges"))
    #expect(summary.contains("context length    8,192 tokens"))
  }

  @Test func otherFormatsAreReported() throws {
    let command = try make(Self.tiny + ["--vocabulary-size", "300", folder.path("model.gguf")])
    #expect(
      command.lines.last
        == "8 matrices are stored in formats with shorter blocks: their rows are not whole blocks of Q4_K_M's formats"
    )
  }

  @Test(arguments: [
    (["--type", "Q9"], "--type Q9 is not known; choose one of Q4_K_M, Q4_K_S, "),
    (
      ["--shape", "custom", "--layers", "2", "--heads", "2"],
      "--shape custom also needs --hidden, --feed-forward, "
    ),
    (["--layers", "0"], "--layers must be at least 1, found 0."),
    (["--threads", "0"], "--threads must be at least 1, found 0."),
    (["--head-dimension", "7"], "the head dimension is 7, but must be even: rotation turns pairs"),
    (["--heads", "15"], "15 heads cannot be shared out among 8 key-value heads; choose a divisor of 15"),
    (["--vocabulary-size", "200"], "the vocabulary size is 200, but must be from 282 to 16777216"),
  ])
  func wrongOptions(options: [String], sentence: String) throws {
    let command = try make(options + [folder.path("model.gguf")])
    #expect(command.status == 2)
    #expect(command.errors.hasPrefix("touchstone: \(sentence)"))
    #expect(try folder.names.isEmpty)
  }

  @Test func whatCannotBeWrittenOrReadIsNamed() throws {
    let unwritable = try make(Self.tiny + ["/no/such/folder/model.gguf"])
    #expect(unwritable.status == 1)
    #expect(unwritable.errors.hasPrefix("touchstone: /no/such/folder/model.gguf: "))
    let unreadable = try make(Self.tiny + ["--vocabulary", "/no/such/file.gguf", folder.path("model.gguf")])
    #expect(unreadable.status == 1)
    #expect(unreadable.errors.hasPrefix("touchstone: /no/such/file.gguf: "))
    #expect(try folder.names.isEmpty)
  }
}

import Foundation
import Testing

/// The subcommands `trace`, `diff` and `golden`, and `embed --fingerprint`.
struct TraceTests {
  private let folder: TemporaryFolder
  private static let model = "testdata/models/q4_k_m.gguf"

  init() throws { folder = try TemporaryFolder() }

  private func trace(_ name: String, _ arguments: String...) throws -> Command {
    try Command.run(["trace", "--model", Self.model, "--output", folder.path(name)] + arguments)
  }

  @Test func aTraceIsWrittenAndCompared() throws {
    let written = try trace("a", "The file was not found.", "--activations", "f32")
    #expect(written.status == 0)
    #expect(written.text.hasPrefix("\(folder.path("a")): 55 tensors, "))
    #expect(try folder.names == ["a"])
    #expect(try !folder.content("a").contains("not found".utf8))
    #expect(try trace("b", "The file was not found.", "--include-text", "--layers", "last").status == 0)
    #expect(try folder.content("b").contains("The file was not found.".utf8))
    let agreed = try Command.run("diff", folder.path("a"), folder.path("b"))
    #expect(agreed.status == 0)
    #expect(agreed.text.contains("The traces agree: 21 tensors, no difference beyond rounding."))
    let strict = try Command.run("diff", "--json", "--precision", "f32", folder.path("a"), folder.path("b"))
    #expect(strict.status == 1)
    let report = try strict.jsonLines()[0]
    #expect(report["agrees"] as? Bool == false)
    #expect((report["first"] as? NSDictionary)?["name"] as? String == "layers.2.attention_norm")
  }

  @Test func tracesThatCannotBeCompared() throws {
    let path = try folder.file("x", "no tensors at all")
    let command = try Command.run("diff", path, path)
    #expect(command.status == 2)
    #expect(command.errors.hasPrefix("touchstone: \(path): says that its header has "))
    #expect(command.output.isEmpty)
  }

  @Test(arguments: [
    (["trace", "-o", "x"], "No text given: pass one, or token ids with --ids."),
    (["trace", "a", "b", "-o", "x"], "A trace is of one text, found 2; quote it."),
    (
      ["trace", "1", "--ids", "--query", "-o", "x"],
      "--ids are complete and carry no instruction; leave out --query and --instruct."
    ),
    (
      ["trace", "a", "-o", "/dev/null"],
      "--output must be a file: values are written where they belong, not one after another"
    ),
    (["golden"], "Pass --texts FILE to write a golden set, or --verify FILE to check one."),
    (
      ["embed", "a", "--fingerprint", "--format", "npy"],
      "--fingerprint goes with the formats jsonl and json; the others have no place for it."
    ),
  ])
  func aWrongCommandLineIsStatusTwo(arguments: [String], sentence: String) throws {
    let command = try Command.run(arguments)
    #expect(command.status == 2)
    #expect(command.errors.split(separator: "\n").first == "touchstone: \(sentence)")
  }

  @Test func aGoldenSetIsWrittenAndVerified() throws {
    let texts = try folder.file("texts", "The file was not found.\n密码错误\n\n")
    let path = folder.path("golden")
    #expect(
      try Command.run("golden", "--model", Self.model, "--texts", texts, "--lines", "--output", path).status
        == 0)
    #expect(try !folder.content("golden").contains("not found".utf8))
    let verified = try Command.run("golden", "--verify", path, "--model", Self.model)
    #expect(verified.status == 0)
    #expect(verified.text.hasPrefix("3 texts, the same bits, fingerprint "))
    let portable = try Command.run(
      ["golden", "--verify", path, "--model", Self.model], environment: ["TOUCHSTONE_CPU": "portable"])
    #expect(portable.text == verified.text)
    var lines = String(decoding: try folder.content("golden"), as: UTF8.self)
    lines = lines.replacingOccurrences(of: #""layers":[""#, with: #""layers":["0"#)
    let changed = try folder.file("changed", lines)
    let refused = try Command.run("golden", "--verify", changed, "--model", Self.model)
    #expect(refused.status == 1)
    #expect(
      refused.lines[0]
        == "text 0: the first states that differ are those after layer 0; the vector has the same bits all the same"
    )
    let other = try Command.run("golden", "--verify", path, "--model", "testdata/models/q8_0.gguf")
    #expect(other.status != 0)
  }

  @Test func aFingerprintSaysHowAVectorCameAbout() throws {
    func fingerprint(_ arguments: String...) throws -> String {
      let command = try Command.run(["embed", "--fingerprint", "--model", Self.model, "a"] + arguments)
      return try #require(try command.jsonLines()[0]["fingerprint"] as? String)
    }
    let document = try fingerprint()
    #expect(document.count == 12)
    #expect(try fingerprint("--threads", "1", "--batch-tokens", "2") == document)
    for options in [["--query"], ["--activations", "i8"], ["--dimensions", "16"]] {
      let command = try Command.run(["embed", "--fingerprint", "--model", Self.model, "a"] + options)
      #expect(try command.jsonLines()[0]["fingerprint"] as? String != document)
    }
    let blas = try Command.run(
      ["embed", "--fingerprint", "--model", Self.model, "a"], environment: ["TOUCHSTONE_SGEMM": "openblas"])
    #expect(blas.status == 1)
  }
}

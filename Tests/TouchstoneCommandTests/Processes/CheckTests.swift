import Foundation
import Testing

struct CheckTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The command's own vectors, made as a person would.
  private func vectors(_ options: String...) throws -> String {
    let texts = folder.path("texts.jsonl")
    #expect(try Command.run("check", "--texts", texts).status == 0)
    let output = folder.path("vectors.jsonl")
    #expect(try Command.run(["embed", "--input", texts, "--output", output] + options).status == 0)
    return output
  }

  @Test func rightVectorsAgree() throws {
    let check = try Command.run("check", "--vectors", try vectors("--activations", "i8"))
    #expect(check.status == 0)
    #expect(check.text.hasPrefix("agrees: all 40 vectors"))
  }

  @Test func aMistakeIsNamed() throws {
    let check = try Command.run("check", "--json", "--vectors", try vectors("--pooling", "mean"))
    #expect(check.status == 1)
    let verdict = try #require(try check.jsonLines().first)
    #expect(verdict["agrees"] as? Bool == false)
    let diagnoses = try #require(verdict["diagnoses"] as? [NSDictionary])
    #expect(diagnoses.map { $0["id"] as? String } == ["pooling-mean"])
  }

  /// A search for combinations takes minutes with a large model.
  @Test(.timeLimit(.minutes(1))) func anInterruptEndsTheSearch() throws {
    let lines = try String(contentsOfFile: vectors(), encoding: .utf8).split(separator: "\n").map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let embedding = try #require(object["embedding"] as? [Double])
      return try JSONSerialization.data(
        withJSONObject: ["id": object["id"] ?? "", "embedding": Array(embedding.reversed())])
    }
    let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    let process = Command.makeProcess([
      "check", "--progress", "--vectors", try folder.file("reversed.jsonl", text),
    ])
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var said = ""
    while !said.contains("trying triples"), case let data = errors.fileHandleForReading.availableData,
      !data.isEmpty
    {
      said += String(decoding: data, as: UTF8.self)
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGTERM)
  }

  @Test func npyIsReadInOrder() throws {
    let texts = folder.path("texts.jsonl")
    _ = try Command.run("check", "--texts", texts)
    let output = folder.path("vectors.npy")
    _ = try Command.run("embed", "--input", texts, "--format", "npy", "--output", output)
    #expect(try Command.run("check", "--vectors", output).status == 0)
  }

  @Test func whatCannotBeCheckedIsNoVerdict() throws {
    let missing = try Command.run("check", "--vectors", folder.path("nothing"))
    #expect(missing.status == 3)
    #expect(missing.errors.contains("cannot read"))
    let wrong = try Command.run("check", "--vectors", try folder.file("wrong.jsonl", "{}"))
    #expect(wrong.status == 3)
    #expect(wrong.output.isEmpty)
    let noModel = try Command.run("check", "--texts", "-", "--model", folder.path("no.gguf"))
    #expect(noModel.status == 3)
    #expect(try Command.run("check").status == 2)
  }
}

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
    #expect(check.text.hasPrefix("right: all 40 vectors"))
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
  @Test(.timeLimit(.minutes(10))) func anInterruptEndsTheSearch() throws {
    let lines = try String(contentsOfFile: vectors(), encoding: .utf8).split(separator: "\n").map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let embedding = try #require(object["embedding"] as? [Double])
      return try JSONSerialization.data(
        withJSONObject: ["id": object["id"] ?? "", "embedding": embedding.map { $0 * $0 }])
    }
    let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    let process = Command.makeProcess([
      "check", "--progress", "--vectors", try folder.file("garbage.jsonl", text),
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
    let pipe = try Command.run("check", "--vectors", "/dev/zero")
    #expect(pipe.status == 3 && pipe.errors.contains("has more than 512 MiB"))
  }

  /// The reference is computed by the multiply that the options name, or else the environment.
  @Test func multipliesAsTheOptionsSay() throws {
    let unknown = try Command.run(
      "check", "--vectors", vectors(), environment: ["TOUCHSTONE_SGEMM": "fast"])
    #expect(unknown.status == 3)
    #expect(unknown.errors.contains("TOUCHSTONE_SGEMM is 'fast', but must be 'touchstone' or 'openblas'"))
    let named = try Command.run(
      "check", "--multiply", "touchstone", "--vectors", vectors(),
      environment: ["TOUCHSTONE_SGEMM": "fast"])
    #expect(named.status == 0)
    let independent = try Command.run("check", "--multiply", "openblas", "--vectors", vectors())
    #expect(independent.status == 0)
  }

  /// Outside of its repository the command has no model: that is no verdict on anybody.
  @Test func noModelIsNoVerdict() throws {
    let copy = folder.path("touchstone")
    try FileManager.default.copyItem(at: Command.executable, to: URL(fileURLWithPath: copy))
    let run = try Shell.run("cd '\(folder.url.path)' && ./touchstone check --texts -")
    #expect(run.status == 3 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("touchstone: no model: fetch one with 'touchstone pull 0.6B'"))
  }

  @Test func missingVectorsLeaveTheVerdictOpen() throws {
    let lines = try String(contentsOfFile: vectors(), encoding: .utf8).split(separator: "\n")
    let path = try folder.file("five.jsonl", lines.prefix(5).joined(separator: "\n"))
    let check = try Command.run("check", "--vectors", path)
    #expect(check.status == 2)
    #expect(check.lines[0].hasPrefix("incomplete: the 5 vectors that came are the reference's"))
    #expect(check.lines[1].hasPrefix("35 of 40 probes have no vector: two-words, empty, "))
    let allowed = try Command.run("check", "--allow-missing", "--vectors", path)
    #expect(allowed.status == 0 && allowed.lines[0].hasPrefix("right: all 5 vectors"))
  }
}

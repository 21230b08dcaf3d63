import Foundation
import Testing

/// Runs that were interrupted, and go on.
struct ResumeTests {
  private let folder: TemporaryFolder
  private static let texts = (0..<40).map { "{\"id\":\($0),\"text\":\"text number \($0 * 37 % 101)\"}" }

  init() throws { folder = try TemporaryFolder() }

  private func input(_ lines: [String]) throws -> String {
    try folder.file("texts.jsonl", lines.joined(separator: "\n") + "\n")
  }

  /// A faulty line in the middle interrupts a run at a known place.
  private func interrupted(_ options: [String], output: String) throws -> Command {
    var lines = Self.texts
    lines[25] = "{\"id\":25}"
    return try Command.run(["embed", "--input", try input(lines), "--output", output] + options)
  }

  @Test(arguments: [
    ["--format", "jsonl"], ["--format", "json"], ["--format", "npy", "--dimensions", "7"],
    ["--format", "f32", "--activations", "i8"], ["--format", "jsonl", "--fingerprint", "--pooling", "none"],
    ["--format", "npy", "--pooling", "none", "--batch-tokens", "16"],
  ])
  func aResumedRunHasTheBytesOfOne(options: [String]) throws {
    let whole = folder.path("whole")
    #expect(
      try Command.run(["embed", "--input", try input(Self.texts), "--output", whole] + options).status == 0)
    let output = folder.path("out")
    let first = try interrupted(options, output: output)
    #expect(first.status == 1)
    #expect(
      first.errors.hasPrefix(
        "touchstone: 25 texts are done and kept in \(output).partial; the same command with --resume goes on\n"
      ),
      "\(first.errors)")
    #expect(!(try folder.names.contains("out")))
    let second = try Command.run(
      ["embed", "--input", try input(Self.texts), "--output", output, "--resume"] + options)
    #expect(second.status == 0, "\(second.errors)")
    #expect(try folder.content("out") == folder.content("whole"))
    #expect(try folder.names == ["out", "texts.jsonl", "whole"])
  }

  @Test func anotherRunIsRefused() throws {
    let output = folder.path("out")
    #expect(try interrupted([], output: output).status == 1)
    func resumed(_ lines: [String], _ options: String...) throws -> String {
      let command = try Command.run(
        ["embed", "--input", try input(lines), "--output", output, "--resume"] + options)
      #expect(command.status == 1)
      return command.errors
    }
    for options in ["--pooling=mean", "--activations=i8", "--query", "--fingerprint", "--format=json"] {
      #expect(
        try resumed(Self.texts, options)
          == "touchstone: \(output).partial was made with another model file or other options; give those, or leave out --resume\n"
      )
    }
    let other = ["{\"id\":0,\"text\":\"another\"}"] + Self.texts.dropFirst()
    let sentence =
      "touchstone: the first 25 texts are not those that are done; give the same input, or leave out --resume\n"
    #expect(try resumed(other) == sentence)
    #expect(try resumed(Array(Self.texts.prefix(7))) == sentence)
    // What was done is still there.
    let last = try Command.run("embed", "--input", try input(Self.texts), "--output", output, "--resume")
    #expect(last.status == 0)
  }

  /// Nothing to go on with: the run begins at the beginning.
  @Test func resumingNothingIsARun() throws {
    let output = folder.path("out")
    let command = try Command.run("embed", "a", "--output", output, "--resume")
    #expect(command.status == 0)
    #expect(try folder.content("out") == Command.run("embed", "a").output)
  }

  @Test(.timeLimit(.minutes(10))) func anInterruptKeepsWhatIsDone() throws {
    let output = folder.path("out")
    let process = Command.makeProcess(["embed", "--input", "-", "--output", output])
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = errors
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data((Self.texts[0] + "\n").utf8))
    // The text is done when its line has reached the file.
    func partialSize() throws -> Int {
      let name = try folder.names.first { $0.hasSuffix(".partial") }
      return try name.map { try folder.content($0).count } ?? 0
    }
    while try partialSize() == 0 { usleep(10_000) }
    process.terminate()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
    #expect(said.hasPrefix("touchstone: 1 text is done and kept in"), "\(said)")
    #expect(try folder.names == ["out.partial", "out.partial.json"])
  }

  /// A file in the place of the state that is none ends in a sentence.
  @Test func aDamagedStateIsRefused() throws {
    let output = folder.path("out")
    #expect(try interrupted([], output: output).status == 1)
    for state in ["", "{}", "[1]", "{\"making\":\"a\",\"texts\":-1,\"bytes\":9,\"textsSHA256\":\"\"}"] {
      _ = try folder.file("out.partial.json", state)
      let command = try Command.run(
        "embed", "--input", try input(Self.texts), "--output", output, "--resume")
      #expect(
        command.status == 1
          && command.errors
            == "touchstone: \(output).partial.json is damaged; remove it and \(output).partial to begin again\n"
      )
    }
  }
}

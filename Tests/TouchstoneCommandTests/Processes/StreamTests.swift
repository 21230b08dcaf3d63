import Foundation
import Glibc
import Testing

/// The command as a part of a pipeline.
struct StreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Starts the command with pipes at both ends.
  private func start(_ arguments: String...) throws -> (
    process: Process, input: FileHandle, output: FileHandle
  ) {
    let process = Command.makeProcess(arguments)
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, input.fileHandleForWriting, output.fileHandleForReading)
  }

  private func readLine(_ handle: FileHandle) throws -> String {
    var line = Data()
    while let byte = try handle.read(upToCount: 1), byte != Data([0x0A]) { line += byte }
    return String(decoding: line, as: UTF8.self)
  }

  /// One line in, one line out, while the pipe stays open.
  @Test(.timeLimit(.minutes(10)), arguments: ["embed", "tokenize"])
  func anAnswerDoesNotWaitForTheNextLine(subcommand: String) throws {
    let (process, input, output) = try start(subcommand, "--input", "-", "--lines")
    for index in 0..<3 {
      try input.write(contentsOf: Data("line \(index)\n".utf8))
      #expect(try readLine(output).hasPrefix("{\"index\":\(index),"))
    }
    try input.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func manyLinesKeepTheirOrder() throws {
    let count = 3000
    let input = (0..<count).map { "line \($0 % 7)\n" }.joined()
    let command = try Command.run(
      "embed", "--input", "-", "--lines", "--dimensions", "2", "--batch-tokens", "256", input: input)
    let objects = try command.jsonLines()
    #expect(objects.map { $0["index"] as? Int } == Array(0..<count))
    #expect(
      zip(objects, objects.dropFirst(7)).allSatisfy {
        $0["embedding"] as? NSArray == $1["embedding"] as? NSArray
      })
  }

  @Test(.timeLimit(.minutes(10))) func aReaderThatGoesAwayEndsItQuietly() throws {
    let (process, input, output) = try start("embed", "--input", "-", "--lines")
    try input.write(contentsOf: Data("a\n".utf8))
    _ = try readLine(output)
    try output.close()
    // A process that another test starts just now holds the other end of the pipe as well, until it ends.
    for _ in 0..<300 where process.isRunning {
      try input.write(contentsOf: Data("b\n".utf8))
      Thread.sleep(forTimeInterval: 0.1)
    }
    guard !process.isRunning else {
      process.terminate()
      Issue.record("the command writes on though nobody reads")
      return
    }
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGPIPE)
  }

  /// A download that overwrites the model in place cuts it first.
  @Test(.timeLimit(.minutes(10))) func aModelThatIsCutWhileInUseEndsItWithASentence() throws {
    let model = try folder.file(
      "model.gguf", try Data(contentsOf: Command.repository.appending(path: "testdata/demo/demo-q4_k_m.gguf"))
    )
    let process = Command.makeProcess(["embed", "--input", "-", "--lines", "--model", model])
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("a\n".utf8))
    #expect(try readLine(output.fileHandleForReading).hasPrefix("{\"index\":0,"))
    #expect(truncate(model, 4096) == 0)
    try input.fileHandleForWriting.write(contentsOf: Data("b\n".utf8))
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
    let sentence = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(sentence.hasPrefix("touchstone: a file in use") && sentence.last == "\n")
  }

  @Test(.timeLimit(.minutes(10))) func anInterruptLeavesWholeLinesAndNoFile() throws {
    let (process, input, output) = try start("embed", "--input", "-", "--lines")
    try input.write(contentsOf: Data("a\nb\n".utf8))
    let first = try readLine(output)
    process.terminate()
    let rest = output.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(first.hasSuffix("}"))
    #expect(rest.isEmpty || rest.last == 0x0A)
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGTERM)
  }

  @Test(.timeLimit(.minutes(10))) func anInterruptTakesTheUnfinishedFileAway() throws {
    let (process, input, _) = try start("golden", "--texts", "-", "--lines", "--output", folder.path("out"))
    try input.write(contentsOf: Data("a\n".utf8))
    while try folder.names.isEmpty { usleep(1000) }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == SIGTERM)
    #expect(try folder.names == [])
  }

  /// A named pipe at which nobody stands on the other side is waited for, and the first signal ends the wait.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ["embed", "--input", "PIPE"], ["check", "--vectors", "PIPE"], ["golden", "--verify", "PIPE"],
      ["embed", "a", "--output", "PIPE"],
    ])
  func anInterruptEndsTheWaitForANamedPipe(arguments: [String]) throws {
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = Command.makeProcess(arguments.map { $0 == "PIPE" ? pipe : $0 })
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: 1)
    #expect(process.isRunning)
    process.terminate()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    try waitUntil("the first signal has ended it") { !process.isRunning }
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
  }

  @Test(.timeLimit(.minutes(10))) func aNamedPipeIsReadToItsEnd() throws {
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let run = try Shell.run(
      "(sleep 1; printf 'a\\nb\\n' > '\(pipe)') & '\(Command.executable.path)' embed --input '\(pipe)' --lines --dimensions 1; wait"
    )
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").count == 2, "\(run.errors)")
  }

  @Test func progressIsSaidWhereItIsAskedFor() throws {
    let command = try Command.run("embed", "--progress", "--dimensions", "1", "a", "b")
    #expect(command.lines.count == 2)
    #expect(
      command.errors.wholeMatch(of: /touchstone: 2 texts, 4 tokens in [0-9.]+ s, [0-9,]+ tokens\/s\n/) != nil)
    let named = try Command.run("embed", "--progress", "a", "--output", folder.path("out"))
    #expect(named.errors.hasSuffix(" tokens/s → \(folder.path("out"))\n"))
    #expect(try Command.run("embed", "--no-progress", "a").errors == "")
  }

  @Test func afterAFaultTheOldFileIsStillThere() throws {
    let path = try folder.file("out", "old")
    let command = try Command.run("embed", "--input", "-", "--output", path, input: "\"a\"\n7\n")
    #expect(command.status == 1)
    #expect(try folder.names == ["out", "out.partial", "out.partial.json"])
    #expect(try folder.content("out") == Data("old".utf8))
  }

  @Test func aDashIsStandardInput() throws {
    let piped = try Command.run("embed", "-", input: "hi\n")
    let given = try Command.run("embed", "hi")
    #expect(piped.status == 0 && piped.text == given.text)
    #expect(try Command.run("tokenize", "--count", "-", input: "a\n\nb\n").lines.count == 3)
    // After -- it is a text.
    let dash = try Command.run("tokenize", "--", "-")
    let line = try Command.run("tokenize", "--input", "-", "--lines", input: "-\n")
    #expect(dash.status == 0 && dash.text == line.text)
  }

  @Test func misspeltKeysAreNamed() throws {
    let lines = #"{"text":"a","instructt":"b"}"# + "\n" + #"{"text":"c","instructt":"d","url":"e","ID":7}"#
    let command = try Command.run("embed", "--input", "-", "--dimensions", "1", input: lines)
    #expect(command.status == 0)
    #expect(
      command.errors == """
        touchstone: standard input:1: the key "instructt" is ignored; did you mean "instruct"?
        touchstone: standard input:2: the key "ID" is ignored; did you mean "id"?

        """)
  }

  /// Half of a character that a client has cut in two: the line is named, and what came before is answered.
  @Test func halfASurrogateNamesItsLine() throws {
    let command = try Command.run("embed", "--input", "-", input: "\"ok\"\n\"a\\ud83d\"\n")
    #expect(command.status == 1 && command.lines.count == 1)
    #expect(command.errors.hasPrefix("touchstone: standard input:2:3: half of a surrogate pair"))
  }

  @Test func textsBeforeAFaultAreAnswered() throws {
    let command = try Command.run("embed", "--input", "-", input: "\"a\"\n\"b\"\n{\"no\":1}\n\"c\"\n")
    #expect(command.status == 1)
    #expect(command.errors == "touchstone: standard input:3: the object has no \"text\", but \"no\"\n")
    #expect(try command.jsonLines().count == 2)
  }
}

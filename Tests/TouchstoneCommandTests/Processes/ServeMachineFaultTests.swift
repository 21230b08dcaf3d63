import Foundation
import Glibc
import Testing

/// What happens around the service: signals at the wrong time, a full disk, a file that goes away.
@Suite(.serialized) struct ServeMachineFaultTests {
  private static func file(_ name: String) -> String {
    Command.repository.appending(path: "testdata/\(name)").path
  }

  /// As soon as the process takes signals in its own hands, a hangup neither ends it nor is lost.
  @Test(.timeLimit(.minutes(10))) func aHangupDuringTheStartIsKept() throws {
    let folder = try TemporaryFolder()
    let keys = try folder.file("keys", "first-key\n")
    let process = Command.makeProcess(["serve", "--port", "0", "--api-key-file", keys])
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    try waitUntil("the process has SIGHUP blocked") {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8))
      let mask = status?.firstMatch(of: /SigBlk:\s*([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) } ?? 0
      return mask & (1 << UInt64(SIGHUP - 1)) != 0 || !process.isRunning
    }
    kill(process.processIdentifier, SIGHUP)
    let log = ServiceLog("")
    log.read(errors.fileHandleForReading)
    try waitUntil("the keys are read again") {
      log.text.contains("API keys: read again, 1 in force") || !process.isRunning
    }
    #expect(log.text.contains("API keys: read again, 1 in force"))
    try end(process)
  }

  /// Ends a service, which must end well.
  private func end(_ process: Process) throws {
    process.terminate()
    try waitUntil("the service has ended") { !process.isRunning }
    #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
  }

  /// Nothing that the process says can be written, from the first line on.
  @Test(.timeLimit(.minutes(10))) func aFullDiskForTheLogStopsNothing() throws {
    let folder = try TemporaryFolder()
    let socket = folder.path("socket")
    let process = Command.makeProcess(["serve", "--unix-socket", socket, "--log-level", "debug"])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: "/dev/full")
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    func curl(_ arguments: String) throws -> String {
      try Shell.run("curl -s --max-time 20 --unix-socket '\(socket)' \(arguments)").output
    }
    try waitUntil("the service is ready") {
      try curl("http://localhost/ready").contains("\"status\":\"ready\"")
    }
    for number in 0..<20 {
      let answer = try curl("-d '{\"input\":\"\(number)\",\"dimensions\":2}' http://localhost/v1/embeddings")
      #expect(answer.contains("\"embedding\":["))
    }
    let metrics = try curl("http://localhost/metrics")
    let dropped = metrics.firstMatch(of: /\ntouchstone_dropped_log_lines_total (\d+)/).flatMap { Int($0.1) }
    #expect(try #require(dropped) >= 20)
    try end(process)
  }

  /// A model that is served stays what it was, whatever happens to its name. (What is overwritten in place is
  /// another matter: docs/how-to/deploy.md.)
  @Test(.timeLimit(.minutes(10))) func theModelFileMayBeReplacedAndGo() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.gguf")
    let files = FileManager.default
    try files.copyItem(atPath: Self.file("demo/demo-q4_k_m.gguf"), toPath: model)
    let serve = try ServeProcess("--model", "m=\(model)", "--log-format", "json")
    try serve.waitUntilReady()
    func embedding(_ text: String) throws -> String {
      let connection = try HTTPConnection(port: serve.port)
      try connection.post("/v1/embeddings", "{\"input\":\"\(text)\",\"dimensions\":4}")
      let answer = try connection.receive()
      #expect(answer.status == 200)
      return String(try #require(answer.body.firstMatch(of: /"embedding":(\[.*?\])/)).1)
    }
    let text = "The file was not found."
    let before = try embedding(text)

    // Another model under the same name, as an update does it.
    let update = folder.path("update")
    try files.copyItem(atPath: Self.file("models/q8_0.gguf"), toPath: update)
    #expect(rename(update, model) == 0)
    #expect(try embedding(text) == before)

    // Nobody may read it; then it is gone.
    #expect(chmod(model, 0) == 0)
    #expect(try embedding(text) == before)
    try files.removeItem(atPath: model)
    #expect(try embedding(text) == before)
    let connection = try HTTPConnection(port: serve.port)
    #expect(try connection.get("/status").status == 200)
    #expect([200, 500].contains(try connection.get("/api/tags").status))
    #expect(try connection.get("/v1/models").status == 200)
    #expect(serve.end() == (0, false))
  }
}

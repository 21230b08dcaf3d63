import Foundation
import Glibc
import Synchronization
import Testing
import Touchstone

/// The service as a process, talked to over sockets.
struct ServeTests {
  private func body(_ text: String) -> String { "{\"input\":\"\(text)\",\"dimensions\":2}" }

  @Test(.timeLimit(.minutes(10))) func vectorsAreThoseOfTheCommand() throws {
    let serve = try ServeProcess("--activations", "i8")
    try serve.waitUntilReady()
    let connection = try HTTPConnection(port: serve.port)
    try connection.post("/v1/embeddings", body("The file was not found."))
    let answer = try connection.receive()
    let command = try Command.run(
      "embed", "--activations", "i8", "--dimensions", "2", "The file was not found.")
    let numbers = try #require(command.text.firstMatch(of: /"embedding":(\[.*?\])/)).1
    #expect(answer.status == 200)
    #expect(answer.body.contains("\"embedding\":\(numbers)"))
    #expect(serve.end() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func whatWasAcceptedIsAnsweredBeforeTheEnd() throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    let text = String(repeating: "The quick brown fox. ", count: 250)
    let connections = try (0..<8).map { _ in try HTTPConnection(port: serve.port) }
    for connection in connections { #expect(try connection.get("/health").status == 200) }
    for (index, connection) in connections.enumerated() {
      try connection.post("/v1/embeddings", body("\(index) \(text)"))
    }
    // All of them have been read when their jobs are there, or done.
    try serve.waitForLoad("\"served\":8")
    serve.process.terminate()
    for connection in connections {
      let answer = try connection.receive()
      #expect(answer.status == 200)
      #expect(answer.body.contains("\"embedding\":["))
    }
    #expect(serve.waitForEnd() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func aClientThatGoesFreesTheQueue() throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    do {
      let connection = try HTTPConnection(port: serve.port)
      let text = String(repeating: "The quick brown fox. ", count: 1000)
      try connection.post(
        "/v1/embeddings", "{\"input\":[\(Array(repeating: "\"\(text)\"", count: 20).joined(separator: ","))]}"
      )
      try serve.waitForLoad("\"jobs\":1")
    }
    try serve.waitForLoad("\"jobs\":0")
    let probe = try HTTPConnection(port: serve.port)
    #expect(try probe.get("/ready").body.contains("\"queued_tokens\":0"))
    #expect(serve.end() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func slowClientsAreCutOff() throws {
    let serve = try ServeProcess("--body-timeout", "1", "--idle-timeout", "3")
    try serve.waitUntilReady()
    let halfBody = try HTTPConnection(port: serve.port)
    try halfBody.send(
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"input\"")
    let halfHead = try HTTPConnection(port: serve.port)
    try halfHead.send("POST /v1/embeddings HTTP/1.1\r\nHo")
    let silent = try HTTPConnection(port: serve.port)
    for connection in [halfBody, halfHead, silent] { connection.setReadTimeout(seconds: 20) }
    #expect(try halfBody.receive().status == 408)
    #expect(throws: HTTPConnection.Closed.self) { try halfHead.receive() }
    #expect(throws: HTTPConnection.Closed.self) { try silent.receive() }
    #expect(serve.end() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func aUnixSocketServesToo() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("socket")
    let process = Command.makeProcess(["serve", "--unix-socket", path])
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    defer { process.waitUntilExit() }
    defer { process.terminate() }
    var text = ""
    while !text.contains("listening on unix:\(path)\n"),
      let byte = try errors.fileHandleForReading.read(upToCount: 1), !byte.isEmpty
    {
      text += String(decoding: byte, as: UTF8.self)
    }
    #expect(text.contains("listening on unix:\(path)\n"))
    let answer = try Shell.run("curl -s --unix-socket '\(path)' http://localhost/health")
    #expect(answer.output == "{\"status\":\"ok\"}")
  }

  @Test func aModelThatCannotBeLoadedEndsIt() throws {
    let command = try Command.run("serve", "--port", "0", "--model", "no-such.gguf")
    #expect(command.status == 1)
    #expect(command.errors.contains("touchstone: no-such.gguf: the file cannot be opened"))
  }

  @Test func twoModelsNeedTwoNames() throws {
    let file = "testdata/models/q8_0.gguf"
    let command = try Command.run("serve", "--port", "0", "--model", "a=\(file)", "--model", "a=\(file)")
    #expect(command.status == 2)
    #expect(command.errors.contains("two models are named 'a', counting aliases; name them apart with"))
  }

  @Test func aPortInUseIsASentence() throws {
    let serve = try ServeProcess()
    let command = try Command.run("serve", "--port", "\(serve.port)")
    #expect(command.status == 1)
    #expect(command.errors.contains("127.0.0.1:\(serve.port)"))
    #expect(serve.end() == (0, false))
  }
}

import Foundation
import Testing
import Touchstone

/// The subcommand `profile`.
@Suite(.serialized) struct ProfileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func report(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> NSDictionary {
    let command = try Command.run(["profile", "--json"] + arguments, environment: environment)
    #expect(command.status == 0, "\(command.errors)")
    return try command.jsonLines()[0]
  }

  @Test func aTableFitsTheTerminal() throws {
    let command = try Command.run("profile", "The file was not found.", "--repeat", "2", "--scaling")
    #expect(command.status == 0)
    #expect(command.errors.isEmpty)
    for part in [
      "gate, up", "the worst gaps", "roofs of this machine", "threads  milliseconds", "page faults",
    ] {
      #expect(command.text.contains(part))
    }
    for line in command.lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func timelinesAddUpToTheirPasses() throws {
    let report = try report("--tokens", "100", "--no-peaks", "--threads", "2")
    let passes = try #require(report["passes"] as? [NSDictionary])
    #expect(passes.count == 5)
    for pass in passes {
      let wall = try #require(pass["milliseconds"] as? Double)
      let sums = try #require(pass["timelineMilliseconds"] as? [Double])
      #expect(sums.count == 2)
      for sum in sums { #expect(abs(sum / wall - 1) < 0.03) }
      #expect(pass["tokens"] as? Int == 100)
    }
    #expect(report["roofs"] is NSNull)
  }

  /// Planted: kernels without the processor's vector instructions.
  @Test func portableKernelsAreWhatTheTableNamesFirst() throws {
    let kernels = EngineInformation.current.instructionSets
    guard kernels.first != "portable" else { return }
    let slow = try report(
      "--tokens", "64", "--threads", "1", "--repeat", "2", environment: ["TOUCHSTONE_CPU": "portable"])
    let gaps = try #require(slow["gaps"] as? [NSDictionary])
    #expect(gaps.first?["cause"] as? String == "slower instruction set")
    #expect(slow["kernels"] as? String == "portable")
    let usual = try report("--tokens", "64", "--threads", "1", "--repeat", "2")
    let others = try #require(usual["gaps"] as? [NSDictionary])
    #expect(!others.contains { $0["cause"] as? String == "slower instruction set" })
  }

  @Test func filesAreWritten() throws {
    let (trace, page) = (folder.path("trace.json"), folder.path("page.html"))
    let command = try Command.run(
      "profile", "--tokens", "20", "--repeat", "1", "--no-peaks", "--trace", trace, "--html", page)
    #expect(command.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(folder.content("trace.json"))) as? NSDictionary
    #expect((json?["traceEvents"] as? [NSDictionary])?.isEmpty == false)
    #expect(String(decoding: try folder.content("page.html"), as: UTF8.self).hasSuffix("</html>\n"))
    #expect(try folder.names == ["page.html", "trace.json"])
  }

  @Test func aServiceIsRecorded() throws {
    let service = try ServeProcess("--api-key", "alpha")
    defer { _ = service.end() }
    try service.waitUntilReady()
    let url = "http://127.0.0.1:\(service.port)"
    let refused = try Command.run("profile", "--service", url, "--seconds", "1")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("refuses the profile with status 401"))
    let process = Command.makeProcess(
      ["profile", "--service", url, "--seconds", "4", "--json"], environment: ["TOUCHSTONE_API_KEY": "alpha"])
    let output = try FileHandle(forWritingTo: URL(filePath: folder.file("report.json", "")))
    process.standardOutput = output
    try process.run()
    let body = "{\"input\":\"a text\"}"
    while process.isRunning {
      let connection = try HTTPConnection(port: service.port)
      try connection.send(
        "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer alpha\r\n"
          + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(try connection.receive().status == 200)
      usleep(20_000)
    }
    #expect(process.terminationStatus == 0)
    let data = try folder.content("report.json")
    let report = try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
    #expect((report["passes"] as? [NSDictionary])?.isEmpty == false)
    #expect(report["subject"] as? String == url)
  }

  @Test(arguments: [
    (["profile", "a", "--tokens", "3"], "Pass texts or --tokens, not both."),
    (["profile", "--tokens", "0"], "--tokens must be at least 1, found 0."),
    (["profile", "--repeat", "0"], "--repeat must be at least 1, found 0."),
    (["profile", "--seconds", "3"], "--seconds, --api-key and --ca-file go with --service."),
    (["profile", "--service", "x", "--seconds", "61"], "--seconds must be at most 60, found 61."),
    (
      ["profile", "a", "--service", "http://127.0.0.1:1"],
      "--service records the service's own passes; leave out texts, --tokens, --scaling and --model."
    ),
    (["profile", "--tokens", "99999"], "99999 tokens do not fit: this model's context holds 1 to "),
  ])
  func aWrongCommandLineIsStatusTwo(arguments: [String], sentence: String) throws {
    let command = try Command.run(arguments)
    #expect(command.status == 2)
    #expect(command.errors.contains(sentence), "\(command.errors)")
    #expect(command.output.isEmpty)
  }

  @Test func aServiceThatIsNotThereIsNamed() throws {
    let command = try Command.run("profile", "--service", "http://127.0.0.1:1", "--seconds", "1")
    #expect(command.status == 1)
    #expect(command.errors.contains("127.0.0.1:1"))
  }
}

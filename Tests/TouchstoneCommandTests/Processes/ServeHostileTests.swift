import Dispatch
import Foundation
import Synchronization
import Testing

/// Whatever is sent, the service soon says that it lives, and keeps its memory. `make soak` holds it to a
/// second; here it has five, since other tests compute beside it.
@Suite(.serialized) struct ServeHostileTests {
  private static let marks = "\u{301}\u{323}"

  private static func run(_ piece: String, _ bytes: Int) -> String {
    String(repeating: piece, count: bytes / piece.utf8.count)
  }

  /// Sends each body on a connection and a thread of its own, and asks for `/health` until all are answered,
  /// or `seconds` are over.
  ///
  /// - Returns: the longest of the times that two answers in a row took: other work on this machine may hold
  ///   up one.
  private func health(
    of serve: ServeProcess, while bodies: [(path: String, body: String)], seconds: Double
  ) throws -> Double {
    let answered = Answered()
    let port = serve.port
    for (path, body) in bodies {
      Thread.detachNewThread {
        if let connection = try? HTTPConnection(port: port) {
          try? connection.post(path, body)
          _ = try? connection.receive()
        }
        answered.add()
      }
    }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var times: [Double] = []
    while answered.count < bodies.count, clock.now < end {
      let start = clock.now
      let connection = try HTTPConnection(port: serve.port)
      #expect(try connection.get("/health").status == 200)
      times.append((clock.now - start) / .seconds(1))
      usleep(50_000)
    }
    return zip(times, times.dropFirst()).map(min).max() ?? 0
  }

  @Test(.timeLimit(.minutes(10))) func healthIsAnsweredWhateverElseIsSent() throws {
    let serve = try ServeProcess("--shutdown-timeout", "1")
    let marks = "a" + Self.run(Self.marks, 160_000)
    var bodies: [(path: String, body: String)] = []
    for path in ["/v1/embeddings", "/api/embed", "/embed", "/rerank", "/tokenize"] {
      bodies.append((path, "{\"\(marks)\":1,\"input\":\"x\"}"))
      for member in ["model", "input_type", "encoding_format", "truncate", "instruct"] {
        bodies.append((path, "{\"\(member)\":\"\(marks)\",\"input\":\"x\",\"inputs\":\"x\"}"))
      }
    }
    bodies += [
      ("/v1/embeddings", Self.run("[", 1_000_000)), ("/v1/embeddings", "[\(Self.run("[],", 15_000_000))0]"),
      ("/v1/embeddings", "{\"input\":[\(Self.run("1,", 3_000_000))1]}"),
      ("/v1/embeddings", "{\"input\":\"\(Self.run(#"\u0301"#, 6_000_000))\"}"),
      ("/v1/embeddings", "{\"input\":[\(Self.run(#""","#, 300_000))\"\"]}"),
      ("/detokenize", "{\"tokens\":[\(Self.run("1,", 500_000))1]}"),
      ("/v1/embeddings", "{\((0..<200_000).map { "\"k\($0)\":0" }.joined(separator: ","))}"),
    ]
    #expect(try health(of: serve, while: bodies, seconds: 90) < 5)
    #expect(serve.end().status == 0)
  }

  /// As Ollama's clients send them, to be cut: such texts cannot be refused before they are tokenized.
  @Test(.timeLimit(.minutes(10)), arguments: ["a", " "])
  func healthIsAnsweredWhileLongPiecesAreTokenized(piece: String) throws {
    let serve = try ServeProcess("--shutdown-timeout", "1")
    let body = "{\"inputs\":\"\(Self.run(piece, 15_000_000))\",\"truncate\":true}"
    #expect(try health(of: serve, while: Array(repeating: ("/embed", body), count: 4), seconds: 15) < 5)
    serve.process.terminate()
    _ = serve.waitForEnd()
  }

  /// Sixty megabytes of empty arrays, in bodies that are as large as they may be.
  @Test(.timeLimit(.minutes(10))) func emptyArraysDoNotFillTheMemory() throws {
    let serve = try ServeProcess()
    let body = "{\"input\":[\(Self.run("[],", 15_000_000))[]]}"
    _ = try health(of: serve, while: Array(repeating: ("/v1/embeddings", body), count: 4), seconds: 60)
    let status = try String(
      contentsOfFile: "/proc/\(serve.process.processIdentifier)/status", encoding: .utf8)
    let peak = try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) })
    #expect(peak < 700_000, "kB")
    #expect(serve.end().status == 0)
  }

  @Test func twoModelsOfOneNameAreRefusedBeforeAnythingIsOpened() throws {
    for arguments in [
      ["--model", "a=no-such.gguf", "--model", "a=neither.gguf"],
      ["--model", "a=no-such.gguf", "--alias", "b", "--model", "b=neither.gguf"],
    ] {
      let command = try Command.run(["serve", "--port", "0"] + arguments)
      #expect(command.status == 2)
      let name = arguments.count == 4 ? "a" : "b"
      #expect(
        command.errors
          == "touchstone: two models are named '\(name)', counting aliases; name them apart with --model NAME=PATH and --alias NAME\n"
      )
    }
  }

  @Test func whatFailsAtTheStartIsSaidInOneSentence() throws {
    let missing = try Command.run("serve", "--port", "0", "--model", "a=no-such.gguf")
    #expect(missing.status == 1)
    #expect(missing.errors.split(separator: "\n").count == 1, "\(missing.errors)")
    for host in ["no-such-host.invalid", "192.0.2.1"] {
      let command = try Command.run("serve", "--host", host, "--port", "0")
      #expect(command.status == 1)
      let lines = command.errors.split(separator: "\n").filter { !$0.contains("model loaded") }
      #expect(lines.count == 1 && lines[0].contains("cannot listen on \(host):0: "), "\(command.errors)")
    }
  }
}

/// How many requests have been answered, or closed.
private final class Answered: Sendable {
  private let total = Mutex(0)

  var count: Int { total.withLock(\.self) }

  func add() { total.withLock { $0 += 1 } }
}

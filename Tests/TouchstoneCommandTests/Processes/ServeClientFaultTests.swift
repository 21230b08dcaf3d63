import Foundation
import Glibc
import Testing

/// Clients that do not behave: the service frees what it holds for them, and serves the others.
@Suite(.serialized) struct ServeClientFaultTests {
  private func expectService(_ serve: ServeProcess) throws {
    let connection = try HTTPConnection(port: serve.port)
    try connection.post("/v1/embeddings", ServeRequests.short)
    #expect(try connection.receive().status == 200)
  }

  /// The answer is far larger than what the system takes off the service's hands.
  @Test(.timeLimit(.minutes(10))) func aClientThatDoesNotReadLosesItsConnection() throws {
    // Room for one such answer.
    let serve = try ServeProcess("--answer-timeout", "10", "--max-request-memory", "20")
    try serve.waitUntilReady()
    let request = "{\"inputs\":\"\(String(repeating: "a ", count: 240_000))\"}"
    let reader = try HTTPConnection(port: serve.port, receiveBuffer: 4096)
    try reader.post("/tokenize", request)
    #expect(try reader.receiveHead().hasPrefix("HTTP/1.1 200 "))
    // While the answer waits to be read, its memory is not free; when the client has had its time, it is. The
    // other request has a body that needs some of it, and no work.
    let other = "{\"inputs\":\"a\",\"x\":\"\(String(repeating: "x", count: 1_500_000))\"}"
    func statusOfAnother() throws -> Int {
      let connection = try HTTPConnection(port: serve.port)
      try connection.post("/tokenize", other)
      return try connection.receive().status
    }
    #expect(try statusOfAnother() == 429)
    try waitUntil("the memory of the answer is free") { try statusOfAnother() == 200 }
    #expect(throws: HTTPConnection.Closed.self) {
      while true { _ = try reader.receiveHead() }
    }
    try expectService(serve)
    #expect(serve.end() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func leaveToSendABodyIsGiven() throws {
    let serve = try ServeProcess("--max-body-bytes", "4000000")
    try serve.waitUntilReady()
    func head(_ length: Int) -> String {
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
    }
    let connection = try HTTPConnection(port: serve.port)
    // Twice, on one connection.
    for _ in 0..<2 {
      try connection.send(head(ServeRequests.short.utf8.count))
      #expect(try connection.receiveHead() == "HTTP/1.1 100 Continue")
      try connection.send(ServeRequests.short)
      #expect(try connection.receive().status == 200)
    }
    // A body that comes without waiting.
    try connection.send(head(ServeRequests.short.utf8.count) + ServeRequests.short)
    let first = try connection.receiveHead()
    #expect(first == "HTTP/1.1 100 Continue" || first.hasPrefix("HTTP/1.1 200 "))
    // A body that is too large is refused before it is sent, and nothing can follow on this connection.
    let refused = try HTTPConnection(port: serve.port)
    try refused.send(head(5_000_000))
    let answer = try refused.receiveHead()
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.lowercased().contains("connection: close"))
    #expect(refused.isClosedByPeer())
    #expect(serve.end() == (0, false))
  }

  /// curl asks for leave before a body of more than a megabyte. Here it would wait for longer than it may
  /// run.
  @Test(.timeLimit(.minutes(10))) func curlSendsLargeBodies() throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    let folder = try TemporaryFolder()
    let body = try folder.file("body", ServeRequests.short + String(repeating: " ", count: 2_000_000))
    let result = try Shell.run(
      "curl -s -o /dev/null -w '%{http_code}' --expect100-timeout 400 --max-time 200 "
        + "--data-binary '@\(body)' http://127.0.0.1:\(serve.port)/v1/embeddings")
    #expect(result.output == "200")
    #expect(serve.end() == (0, false))
  }

  /// A client that closes its side counts as gone, as does one whose connection breaks.
  @Test(.timeLimit(.minutes(10)), arguments: [true, false])
  func halfOpenConnectionsHoldNothing(isHalfClosed: Bool) throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    do {
      let connection = try HTTPConnection(port: serve.port)
      try connection.post("/v1/embeddings", ServeRequests.long)
      try serve.waitForLoad("\"jobs\":1")
      if isHalfClosed {
        connection.finishSending()
        try serve.waitForLoad("\"jobs\":0")
        #expect(connection.isClosedByPeer())
      } else {
        connection.resetAtEnd()
      }
    }
    try serve.waitForLoad("\"jobs\":0")
    let probe = try HTTPConnection(port: serve.port)
    #expect(try probe.get("/ready").body.contains("\"queued_tokens\":0"))
    try expectService(serve)
    #expect(serve.end() == (0, false))
  }

  @Test(.timeLimit(.minutes(10))) func hundredsOfIdleConnectionsAreNoLoad() throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    let idle = try (0..<300).map { _ in try HTTPConnection(port: serve.port) }
    // Some have spoken, some have said half of something, most have said nothing.
    for connection in idle[..<50] { #expect(try connection.get("/health").status == 200) }
    for connection in idle[50..<100] { try connection.send("POST /v1/emb") }
    try expectService(serve)
    for connection in idle[..<50] { #expect(try connection.get("/health").status == 200) }
    // They do not keep the service from ending.
    #expect(serve.end() == (0, false))
    #expect(idle.allSatisfy { $0.isClosedByPeer() })
  }
}

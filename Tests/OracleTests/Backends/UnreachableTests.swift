import Oracle
import TestSupport
import Testing

/// Servers that are none. The limits are generous, since tests that compute may occupy every thread for half
/// a minute.
struct UnreachableTests {
  private func failure(_ address: String, timeout: Int = 120) async -> BackendError? {
    do {
      _ = try await RemoteBackendTests.connect(address) { $0.timeoutSeconds = timeout }
      return nil
    } catch { return error as? BackendError }
  }

  @Test func nobodyListens() async throws {
    // A port that was free a moment ago.
    var address = ""
    try await RawServer.run(nil) { address = $0 }
    #expect(
      await failure(address)
        == .unreachable(
          "http://\(address) cannot be reached: the connection was refused; is the server running, and on this port?"
        ))
  }

  @Test func noSuchHost() async throws {
    // A resolver may take longer than the timeout where many tests run at once.
    let sentence = await failure("http://no-such-host.invalid").map { "\($0)" } ?? ""
    #expect(sentence.hasPrefix("http://no-such-host.invalid "), "\(sentence)")
  }

  @Test func anotherProtocol() async throws {
    try await RawServer.run(Array("220 mail ready\r\n".utf8)) { address in
      #expect(
        await failure(address)
          == .unreachable(
            "the server at http://\(address) does not speak HTTP (if it speaks HTTPS, write https://)"))
    }
  }

  @Test func noTLS() async throws {
    try await RawServer.run(Array("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".utf8)) { address in
      #expect(
        await failure("https://\(address)")
          == .unreachable("the server at https://\(address) does not speak HTTPS; try http://"))
    }
  }

  @Test func anAnswerThatStops() async throws {
    try await RawServer.run(Array("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[".utf8)) { address in
      #expect(
        await failure(address)
          == .unreachable("http://\(address) closed the connection before its answer was complete"))
    }
    try await RawServer.run(nil) { address in
      #expect(
        await failure(address)
          == .unreachable("http://\(address) closed the connection before its answer was complete"))
    }
  }

  /// Millions of empty lists are a few megabytes on the wire and a gigabyte as values.
  @Test(.timeLimit(.minutes(10))) func refusesAnAnswerOfTooManyValues() async throws {
    let body = "[" + String(repeating: "[],", count: 2_000_000) + "[]]"
    let answer = Array("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    try await RawServer.run(answer) { address in
      let backend = RemoteBackend(
        dialect: .openAI, exchange: HTTPExchange(base: "http://\(address)", key: nil, timeoutSeconds: 120),
        model: nil)
      await #expect(
        throws: BackendError.malformed(
          "the answer has more than 1048576 JSON values, which no answer here needs")
      ) { try await backend.embed([.text("a")], dimensions: nil) }
    }
  }

  @Test func refusesAnAnswerInGzip() async throws {
    let head = Array("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n".utf8)
    try await RawServer.run(head + [0x1F, 0x8B, 8, 0]) { address in
      let backend = RemoteBackend(
        dialect: .openAI, exchange: HTTPExchange(base: "http://\(address)", key: nil, timeoutSeconds: 120),
        model: nil)
      await #expect(
        throws: BackendError.malformed(
          "the answer is compressed with gzip, which was not asked for; turn compression off")
      ) { try await backend.embed([.text("a")], dimensions: nil) }
    }
  }

  /// A server that always wants to be asked later does not stretch the time that a request may take.
  @Test(.timeLimit(.minutes(10))) func countsRetriesAgainstTheTimeout() async throws {
    let answer = Array("HTTP/1.1 429 Busy\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n".utf8)
    try await RawServer.run(answer) { address in
      let backend = RemoteBackend(
        dialect: .openAI, exchange: HTTPExchange(base: "http://\(address)", key: nil, timeoutSeconds: 3),
        model: nil)
      let start = ContinuousClock.now
      do {
        _ = try await backend.embed([.text("a")], dimensions: nil)
        Issue.record("a server that is always overloaded has given a vector")
      } catch BackendError.status(429, let reason) {
        // One attempt on a machine that is very busy.
        #expect(["2 attempts", "1 attempt"].map { "it is overloaded, after \($0)" }.contains(reason))
      } catch BackendError.late {
        // The first answer did not come in time, on a machine that is busier still.
      }
      #expect(ContinuousClock.now - start < .seconds(120))
    }
  }

  /// What a server says reaches a sentence without the characters that steer a terminal, and cut.
  @Test func quotesWhatAServerSays() async throws {
    let message =
      "\\u001b]0;title\\u0007\\u001b[31m\\r\\n\\u202e" + String(repeating: "\\u0301\\u0323", count: 20_000)
    let body = "{\"error\":\"\(message)\"}"
    let answer = "HTTP/1.1 400 Bad\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    try await RawServer.run(Array(answer.utf8)) { address in
      let backend = RemoteBackend(
        dialect: .openAI, exchange: HTTPExchange(base: "http://\(address)", key: nil, timeoutSeconds: 120),
        model: nil)
      do {
        _ = try await backend.embed([.text("a")], dimensions: nil)
        Issue.record("no error")
      } catch {
        #expect(Damage.fault(inSentence: "\(error)") == nil, "\(error)")
      }
    }
  }

  /// FastAPI's errors are a list of objects.
  @Test func showsTheDetailOfFastAPI() async throws {
    let body =
      #"{"detail":[{"type":"list_type","loc":["body","input"],"msg":"Input should be a valid list","input":"a"}]}"#
    let answer = "HTTP/1.1 422 Unprocessable\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    try await RawServer.run(Array(answer.utf8)) { address in
      let backend = RemoteBackend(
        dialect: .openAI, exchange: HTTPExchange(base: "http://\(address)", key: nil, timeoutSeconds: 120),
        model: nil)
      await #expect(
        throws: BackendError.status(
          422, "it refuses the request: body.input: Input should be a valid list")
      ) { try await backend.embed([.text("a")], dimensions: nil) }
    }
  }

  /// The head comes at once, the body never.
  @Test func anAnswerThatDoesNotEnd() async throws {
    let head = Array("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[".utf8)
    try await RawServer.run(head, closes: false) { address in
      #expect(
        await failure(address, timeout: 1)
          == .late(
            "http://\(address) has not answered within 1 seconds; raise --timeout, or look for the cause on the server"
          ))
    }
  }
}

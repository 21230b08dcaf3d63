import Oracle
import Testing

/// Servers that are none.
struct UnreachableTests {
  private func failure(_ address: String, timeout: Int = 20) async -> BackendError? {
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
    #expect(
      await failure("http://no-such-host.invalid")
        == .unreachable(
          "http://no-such-host.invalid cannot be reached: no address is known for the host name 'no-such-host.invalid'"
        ))
  }

  @Test func anotherProtocol() async throws {
    try await RawServer.run(Array("220 mail ready\r\n".utf8)) { address in
      #expect(
        await failure(address)
          == .unreachable(
            "what answers at http://\(address) does not speak HTTP (if it speaks HTTPS, write https://)"))
    }
  }

  @Test func noTLS() async throws {
    try await RawServer.run(Array("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".utf8)) { address in
      #expect(
        await failure("https://\(address)")
          == .unreachable("what answers at https://\(address) does not speak HTTPS; try http://"))
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

  /// The head comes at once, the body never.
  @Test func anAnswerThatDoesNotEnd() async throws {
    let head = Array("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[".utf8)
    try await RawServer.run(head, closes: false) { address in
      #expect(
        await failure(address, timeout: 1)
          == .unreachable(
            "http://\(address) has not answered within 1 seconds; raise --timeout, or look at what the server does"
          ))
    }
  }
}

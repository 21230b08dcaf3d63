import Testing
import TouchstoneServer

/// Requests that HTTP forbids, or has in ways that this service does not: an answer that says so, and no
/// fault of ours.
@Suite(.serialized) struct ProtocolTests {
  private static let body = #"{"input":"a","dimensions":2}"#

  private static func post(
    _ headers: String, _ body: String = body, version: String = "1.1", host: String = "Host: localhost\r\n"
  ) -> String {
    "POST /v1/embeddings HTTP/\(version)\r\n\(host)\(headers)\r\n\(body)"
  }

  private static func sized(
    _ headers: String = "", version: String = "1.1", host: String = "Host: localhost\r\n"
  )
    -> String
  {
    post("Content-Length: \(body.utf8.count)\r\n\(headers)", version: version, host: host)
  }

  @Test(.timeLimit(.minutes(10))) func refusesWhatIsNotFramedAsHTTPHasIt() async throws {
    let seen = SeenErrors()
    var configuration = LiveService.configuration
    configuration.observer = seen
    try await LiveService.run(configuration) { live in
      for size in ["-1", "0x1c", "11111111111111111", "zz", "1c \u{1}"] {
        let answer = try await live.exchange(
          Self.post("Transfer-Encoding: chunked\r\n", "\(size)\r\n\(Self.body)\r\n0\r\n\r\n"))
        #expect(answer.statuses == [400], "\(size): \(answer.text)")
        #expect(answer.isClosed, "\(size)")
      }
      for coding in ["xchunked", "gzip, chunked", "gzip", "identity"] {
        let answer = try await live.exchange(
          Self.post("Transfer-Encoding: \(coding)\r\n", "1c\r\n\(Self.body)\r\n0\r\n\r\n"))
        #expect(answer.statuses.first == 501, "\(coding): \(answer.text)")
        #expect(answer.contains(header: "connection: close") && answer.isClosed, "\(coding)")
      }
      for host in ["", "Host: localhost\r\nHost: localhost\r\n"] {
        let answer = try await live.exchange(Self.sized(host: host))
        #expect(answer.statuses == [400], "\(host): \(answer.text)")
        #expect(answer.text.contains("Host header") && answer.isClosed)
      }
      // A client cannot make the mark by which these are refused.
      let forged = try await live.exchange(
        Self.sized("x-touchstone-refusal: no-host\r\nConnection: close\r\n"))
      #expect(forged.statuses == [200])
    }
    #expect(!seen.errors.isEmpty)
    for error in seen.errors {
      if case .engine(let sentence) = error {
        Issue.record("somebody else's fault is called ours: \(sentence)")
      }
    }
  }

  @Test(.timeLimit(.minutes(10))) func closesOldConnectionsUnlessTheyAreToStay() async throws {
    try await LiveService.run { live in
      let old = try await live.exchange(Self.sized(version: "1.0"))
      #expect(old.statuses == [200] && old.isClosed)
      #expect(old.contains(header: "connection: close"))
      let nameless = try await live.exchange(Self.sized(version: "1.0", host: ""))
      #expect(nameless.statuses == [200] && nameless.isClosed)
      let kept = try await live.exchange(
        Self.sized("Connection: Keep-Alive\r\n", version: "1.0"), answersThenOpen: 1)
      #expect(kept.statuses == [200] && !kept.isClosed)
      #expect(kept.contains(header: "connection: keep-alive"))
      let closing = try await live.exchange(Self.sized("Connection: CLOSE\r\n"))
      #expect(closing.statuses == [200] && closing.isClosed)
      let open = try await live.exchange(Self.sized() + Self.sized(), answersThenOpen: 2)
      #expect(open.statuses == [200, 200] && !open.isClosed)
    }
  }

  @Test(.timeLimit(.minutes(10))) func namesTheEncodingThatItDoesNotRead() async throws {
    try await LiveService.run { live in
      let gzip = try await live.exchange(Self.sized("Content-Encoding: gzip\r\nConnection: close\r\n"))
      #expect(gzip.statuses == [415])
      #expect(gzip.text.contains("send it uncompressed"))
      let identity = try await live.exchange(
        Self.sized("Content-Encoding: identity\r\nConnection: close\r\n"))
      #expect(identity.statuses == [200])
    }
  }

  /// Swift compares such texts in quadratic time; this many would take a minute more than letters do.
  @Test(.timeLimit(.minutes(10))) func combiningMarksInHeadsAreNoWork() async throws {
    let marks = "a" + String(repeating: "\u{301}\u{323}", count: 15_000)
    let letters = String(repeating: "abc", count: 20_000)
    try await LiveService.run { live in
      let plain = try await Self.timeOfHeads(letters, live)
      let hostile = try await Self.timeOfHeads(marks, live)
      #expect(hostile < plain * 10 + .seconds(20), "\(hostile) for marks, \(plain) for letters")
    }
  }

  /// The time of requests that have `text` in each header field that is read, and in paths.
  private static func timeOfHeads(_ text: String, _ live: LiveService) async throws -> Duration {
    try await ContinuousClock().measure {
      for name in ["Connection", "Authorization", "Origin", "Expect", "Content-Encoding", "x-request-id"] {
        _ = try await live.exchange(
          Self.post("Content-Length: 2\r\n\(name): \(text)\r\nConnection: close\r\n", "{}"))
      }
      for path in ["/\(text)", "/v1/models/\(text)", "/api/\(text)"] {
        let answer = try await live.exchange(
          "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(answer.statuses == [404] || answer.statuses == [400], "\(answer.statuses)")
      }
    }
  }
}

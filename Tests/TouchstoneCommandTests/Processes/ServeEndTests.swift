import Foundation
import Glibc
import Synchronization
import Testing

/// What ends, and when: requests that take too long, and the service itself.
@Suite(.serialized) struct ServeEndTests {
  @Test(.timeLimit(.minutes(10))) func aRequestThatTakesTooLongIsGivenUp() throws {
    let serve = try ServeProcess("--request-timeout", "1")
    try serve.waitUntilReady()
    let connection = try HTTPConnection(port: serve.port)
    try connection.post("/v1/embeddings", ServeRequests.long)
    let answer = try connection.receive()
    #expect(answer.status == 503)
    #expect(answer.body.contains("\"code\":\"timeout\""))
    try serve.waitForLoad("\"jobs\":0")
    // The connection is as good as before. On a busy machine, a second may be too short even for this.
    try waitUntil("a short request is answered") {
      try connection.post("/v1/embeddings", ServeRequests.short)
      return try connection.receive().status == 200
    }
    #expect(serve.end() == (0, false))
  }

  /// What is accepted is given up when the time for it is over: the service ends all the same.
  @Test(.timeLimit(.minutes(10))) func theEndWaitsNoLongerThanItMay() throws {
    let serve = try ServeProcess("--shutdown-timeout", "1")
    try serve.waitUntilReady()
    let connection = try HTTPConnection(port: serve.port)
    try connection.post("/v1/embeddings", ServeRequests.long)
    try serve.waitForLoad("\"jobs\":1")
    #expect(serve.end() == (0, false))
    #expect(serve.logged.contains("ended with requests unanswered"))
    let status = try? connection.receive().status
    #expect(status == nil || status == 503)
  }

  /// Clients send without a pause while the service is told to end. What one of them had sent before gets its
  /// answer.
  @Test(.timeLimit(.minutes(10))) func noAcceptedRequestIsLostUnderLoad() throws {
    let serve = try ServeProcess()
    try serve.waitUntilReady()
    let clock = ContinuousClock()
    let text = String(repeating: "The quick brown fox. ", count: 60)
    let unanswered = Mutex<[ContinuousClock.Instant]>([])
    let answered = Mutex(0)
    let isDone = DispatchGroup()
    for client in 0..<16 {
      let port = serve.port
      isDone.enter()
      Thread.detachNewThread {
        defer { isDone.leave() }
        guard let connection = try? HTTPConnection(port: port) else { return }
        for number in 0..<100_000 {
          let body = "{\"input\":\"\(client) \(number) \(text)\",\"dimensions\":2}"
          guard (try? connection.post("/v1/embeddings", body)) != nil else { return }
          let sent = clock.now
          guard let answer = try? connection.receive() else {
            return unanswered.withLock { $0.append(sent) }
          }
          #expect(answer.status == 200)
          answered.withLock { $0 += 1 }
        }
      }
    }
    try waitUntil("every client has had answers") { answered.withLock { $0 >= 64 } }
    // A request may be under way when the service closes a connection that seems idle; clients send such one
    // again. How long it is under way, a busy machine decides.
    var underWay: Duration = .milliseconds(50)
    for _ in 0..<5 {
      let probe = try HTTPConnection(port: serve.port)
      let asked = clock.now
      #expect(try probe.get("/health").status == 200)
      underWay = max(underWay, asked.duration(to: clock.now) * 2)
    }
    serve.process.terminate()
    let signalled = clock.now
    #expect(serve.waitForEnd() == (0, false))
    #expect(isDone.wait(timeout: .now() + 300) == .success)
    let lost = unanswered.withLock { $0.filter { $0 < signalled - underWay } }
    #expect(lost.isEmpty, "\(lost.count) of \(answered.withLock(\.self)) requests")
  }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// An answer over HTTP, whatever its status says.
package struct HTTPReply: Sendable {
  package let status: Int
  package let retryAfter: String?
  package let location: String?
  package let computedTokens: String?
  package let body: [UInt8]
  /// How often it was asked for, where the server wanted to be asked again.
  package var attempts = 1

  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Sends one request after the other to one server, and waits where it asks to.
package struct HTTPExchange: Sendable {
  package let base: String
  package let key: String?
  /// How long a request may take, the answer's body and all retries included.
  package let timeoutSeconds: Int
  package var trust = CertificateTrust.system

  package init(base: String, key: String?, timeoutSeconds: Int, trust: CertificateTrust = .system) {
    self.base = base
    self.key = key
    self.timeoutSeconds = timeoutSeconds
    self.trust = trust
  }

  /// An answer with more bytes is refused: 64 vectors of 8192 components in decimal are about 10 MB.
  package static let largestAnswer = 32 << 20
  /// Retries of a deferred request, and the longest wait.
  static let retryLimit = 5
  static let longestWaitSeconds = 30

  /// - Parameter body: JSON; nil for a GET request.
  package func send(_ path: String, body: [UInt8]? = nil) async throws(BackendError) -> HTTPReply {
    let end = ContinuousClock.now + .seconds(timeoutSeconds)
    var retries = 0
    while true {
      var reply = try await sendOnce(path, body: body, before: end)
      reply.attempts = retries + 1
      let mustWait = reply.status == 429 || reply.status == 503 && reply.retryAfter != nil
      guard mustWait, retries < Self.retryLimit else { return reply }
      // Without a number (some send a date) twice as long each time.
      let wait = max(0, reply.retryAfter.flatMap { Int($0) } ?? 1 << retries)
      retries += 1
      guard wait <= Self.longestWaitSeconds, ContinuousClock.now + .seconds(wait) < end else { return reply }
      do { try await Task.sleep(for: .seconds(wait)) } catch { throw .cancelled }
    }
  }

  private func sendOnce(
    _ path: String, body: [UInt8]?, before end: ContinuousClock.Instant
  ) async throws(BackendError) -> HTTPReply {
    var request = HTTPClientRequest(url: base + path)
    request.headers.add(name: "user-agent", value: "touchstone-check")
    request.headers.add(name: "accept", value: "application/json")
    if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
    if let body {
      request.method = .POST
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    let prepared = request
    let client = try HTTPClients.client(trust)
    do {
      return try await withThrowingTaskGroup(of: HTTPReply.self) { group in
        group.addTask { try await execute(prepared, client) }
        // The client's own deadline ends with the head of the answer.
        group.addTask {
          try await Task.sleep(until: end)
          throw HTTPClientError.deadlineExceeded
        }
        defer { group.cancelAll() }
        guard let reply = try await group.next() else { throw CancellationError() }
        return reply
      }
    } catch {
      throw HTTPFailure.explain(error, base: base, timeoutSeconds: timeoutSeconds)
    }
  }

  private func execute(_ request: HTTPClientRequest, _ client: HTTPClient) async throws -> HTTPReply {
    let response = try await client.execute(request, timeout: .seconds(Int64(timeoutSeconds)))
    let body = try await response.body.collect(upTo: Self.largestAnswer)
    return HTTPReply(
      status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"),
      location: response.headers.first(name: "location"),
      computedTokens: response.headers.first(name: "x-compute-tokens"), body: Array(body.readableBytesView))
  }
}

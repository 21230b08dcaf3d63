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

  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Sends one request after the other to one server, and waits where it asks to.
package struct HTTPExchange: Sendable {
  package let base: String
  package let key: String?
  /// How long a request may take, the answer's body included.
  package let timeoutSeconds: Int
  package var trust = CertificateTrust.system

  /// An answer with more bytes is refused: 64 vectors of 8192 components in decimal are about 10 MB.
  package static let largestAnswer = 64 << 20
  /// How often a server that asks to wait is asked again, and how long it is waited for.
  static let retryLimit = 5
  static let longestWaitSeconds = 30

  /// - Parameter body: JSON; nil for a GET request.
  package func send(_ path: String, body: [UInt8]? = nil) async throws(BackendError) -> HTTPReply {
    var attempt = 0
    while true {
      let reply = try await sendOnce(path, body: body)
      let mustWait = reply.status == 429 || reply.status == 503 && reply.retryAfter != nil
      guard mustWait, attempt < Self.retryLimit else { return reply }
      // Without a number (some send a date) twice as long each time.
      let wait = reply.retryAfter.flatMap { Int($0) } ?? 1 << attempt
      attempt += 1
      guard wait <= Self.longestWaitSeconds else { return reply }
      do { try await Task.sleep(for: .seconds(max(0, wait))) } catch { throw .cancelled }
    }
  }

  private func sendOnce(_ path: String, body: [UInt8]?) async throws(BackendError) -> HTTPReply {
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
          try await Task.sleep(for: .seconds(timeoutSeconds))
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

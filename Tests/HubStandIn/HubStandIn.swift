import Hashing
import NIOCore
import NIOPosix
import Synchronization

/// A hub, and a storage that it redirects to, on the loopback: ranges, announcements, and ways to misbehave.
package final class HubStandIn: Sendable {
  package struct Behavior: Sendable {
    package var content: [UInt8]
    /// The hash that is announced; nil: the content's own.
    package var sha256: String?
    package var announces = true
    package var servesRanges = true
    /// Answers break off after so many bytes, so often.
    package var breaksAfter = 0
    package var breaksLeft = 0
    package var contentType = "application/octet-stream"
    /// A status for everything, so often; then all is well.
    package var status = 200
    package var statusesLeft = Int.max
    /// Where large files are stored: another server.
    package var storage: String?
    package var contentRange: String?
    /// The name of the file in a list of files.
    package var listedName = "model.gguf"
    /// Answers stop after so many bytes, and the connection stays open.
    package var stallsAfter: Int?

    package init(content: [UInt8]) { self.content = content }
  }

  package struct Request: Sendable {
    package let method: String
    package let target: String
    package let headers: [String: String]
  }

  private let behavior: Mutex<Behavior>
  private let seen = Mutex<[Request]>([])

  package init(_ behavior: Behavior) { self.behavior = Mutex(behavior) }

  package var requests: [Request] { seen.withLock(\.self) }
  package func change(_ body: (inout Behavior) -> Void) { behavior.withLock { body(&$0) } }

  /// Runs while `test` does, at the address that it gets.
  package func run(_ test: (String) async throws -> Void) async throws {
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let result: Result<Void, any Error>
    do {
      result = .success(try await test("http://127.0.0.1:\(channel.localAddress?.port ?? 0)"))
    } catch { result = .failure(error) }
    try await channel.close()
    try result.get()
  }

  // MARK: Answers

  fileprivate var stalls: Bool { behavior.withLock { $0.stallsAfter != nil } }

  fileprivate func answer(_ text: String) -> [UInt8] {
    let lines = text.split(separator: "\r\n").map(String.init)
    let words = lines[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].drop { $0 == " " }.description
    }
    let request = Request(method: words[0], target: words[1], headers: headers)
    seen.withLock { $0.append(request) }
    return behavior.withLock { answer(request, &$0) }
  }

  private func answer(_ request: Request, _ behavior: inout Behavior) -> [UInt8] {
    if behavior.status != 200, behavior.statusesLeft > 0 {
      behavior.statusesLeft -= 1
      return head(behavior.status, 0)
    }
    let digest = behavior.sha256 ?? Self.sha256(behavior.content)
    if request.target.contains("/repo/files?") {
      let list =
        #"{"Code":200,"Data":{"Files":[{"Path":"other.gguf","Size":1,"Sha256":""},{"Path":"\#(behavior.listedName)","#
        + #""Type":"blob","Size":\#(behavior.content.count),"Sha256":"\#(digest)"}]}}"#
      return head(200, list.utf8.count) + Array(list.utf8)
    }
    var headers = ["content-type": behavior.contentType]
    if behavior.announces {
      headers["x-linked-etag"] = "\"\(digest)\""
      headers["x-linked-size"] = "\(behavior.content.count)"
    }
    if let storage = behavior.storage {
      headers["location"] = "\(storage)/stored?Signature=secret"
      return head(302, 0, headers)
    }
    var first = 0
    if behavior.servesRanges, let range = request.headers["range"] {
      first = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
      if first >= behavior.content.count { return head(416, 0) }
      headers["content-range"] =
        behavior.contentRange ?? "bytes \(first)-\(behavior.content.count - 1)/\(behavior.content.count)"
    }
    let body = behavior.content[first...]
    let start = head(headers["content-range"] == nil ? 200 : 206, body.count, headers)
    guard request.method == "GET" else { return start }
    if let count = behavior.stallsAfter { return start + body.prefix(count) }
    guard behavior.breaksLeft > 0 else { return start + body }
    behavior.breaksLeft -= 1
    return start + body.prefix(behavior.breaksAfter)
  }

  private func head(_ status: Int, _ length: Int, _ headers: [String: String] = [:]) -> [UInt8] {
    var text = "HTTP/1.1 \(status) X\r\ncontent-length: \(length)\r\nconnection: close\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    return Array((text + "\r\n").utf8)
  }

  package static func sha256(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimalDigest
  }
}

/// Reads one request, answers, hangs up.
private final class Handler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let server: HubStandIn
  private var text = ""

  init(_ server: HubStandIn) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    text += String(decoding: buffer.readableBytesView, as: UTF8.self)
    guard text.hasSuffix("\r\n\r\n") else { return }
    let channel = context.channel
    let stalls = server.stalls && text.hasPrefix("GET")
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: server.answer(text)))).whenComplete { _ in
      if !stalls { channel.close(promise: nil) }
    }
  }
}

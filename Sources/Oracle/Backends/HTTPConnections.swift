import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// HTTP/1.1 to the servers under examination. Connections are kept for the next request, answers are bounded,
/// redirects are not followed.
final class HTTPConnections: Sendable {
  /// Idle connections, by server.
  private let idle = Mutex<[HTTPServer: [any Channel]]>([:])
  private let tls: NIOSSLContext

  init(_ configuration: TLSConfiguration) throws { tls = try NIOSSLContext(configuration: configuration) }

  /// Sends one request and returns the whole answer, whatever its status says.
  ///
  /// A server may close an idle connection just when it is used again; then the request goes out on the next
  /// one. A canceled task ends the request at once.
  ///
  /// - Throws: ``HTTPConnectionError``; an error of NIO or NIOSSL; `CancellationError`.
  func send(
    _ head: HTTPRequestHead, body: ByteBuffer?, to server: HTTPServer
  ) async throws -> HTTPReply {
    while let channel = takeIdle(server) {
      do {
        return try await converse(head, body, on: channel, server)
      } catch HTTPConnectionError.closed(answerBegan: false) {
        continue
      }
    }
    return try await converse(head, body, on: try await connect(to: server), server)
  }

  private func takeIdle(_ server: HTTPServer) -> (any Channel)? {
    idle.withLock { idle in
      while let channel = idle[server]?.popLast() {
        if channel.isActive { return channel }
      }
      return nil
    }
  }

  private func converse(
    _ head: HTTPRequestHead, _ body: ByteBuffer?, on channel: any Channel, _ server: HTTPServer
  ) async throws -> HTTPReply {
    let answer = channel.eventLoop.makePromise(of: (reply: HTTPReply, isKept: Bool).self)
    let call = HTTPConversation.Call(head: head, body: body, answer: answer)
    let result = try await withTaskCancellationHandler {
      let accepted = channel.eventLoop.makePromise(of: Void.self)
      accepted.futureResult.whenFailure { _ in answer.fail(HTTPConnectionError.closed(answerBegan: false)) }
      channel.writeAndFlush(call, promise: accepted)
      return try await answer.futureResult.get()
    } onCancel: {
      answer.fail(CancellationError())
      channel.close(promise: nil)
    }
    if result.isKept { idle.withLock { $0[server, default: []].append(channel) } }
    return result.reply
  }

  /// A connection that is ready for a request, after the TLS handshake where there is one.
  private func connect(to server: HTTPServer) async throws -> any Channel {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    // Completed once: by the connection, by an error, by a timeout or by cancellation.
    let ready = loop.makePromise(of: (any Channel).self)
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(HTTPConnectionError.connectSeconds))
      .connect(host: server.host, port: server.port)
      .whenComplete { result in
        switch result {
        case .failure(let error): ready.fail(error)
        case .success(let channel):
          ready.futureResult.whenFailure { _ in channel.close(promise: nil) }
          do { try self.prepare(channel, server, ready) } catch { ready.fail(error) }
        }
      }
    return try await withTaskCancellationHandler {
      try await ready.futureResult.get()
    } onCancel: {
      ready.fail(CancellationError())
    }
  }

  /// Adds the handlers, on the channel's event loop.
  private func prepare(
    _ channel: any Channel, _ server: HTTPServer, _ ready: EventLoopPromise<any Channel>
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    if server.isTLS {
      let isAddress = (try? SocketAddress(ipAddress: server.host, port: server.port)) != nil
      try pipeline.addHandler(
        try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : server.host))
      let timeout = channel.eventLoop.scheduleTask(in: .seconds(HTTPConnectionError.connectSeconds)) {
        ready.fail(HTTPConnectionError.handshakeTimeout)
      }
      ready.futureResult.whenComplete { _ in timeout.cancel() }
    }
    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
    try pipeline.addHandler(HTTPConversation(handshake: server.isTLS ? ready : nil))
    if !server.isTLS { ready.succeed(channel) }
  }
}

/// A server's place: the host without brackets, and the port.
struct HTTPServer: Hashable {
  let isTLS: Bool
  let host: String
  let port: Int
  /// As the `host` header has it.
  let authority: String
  /// The path in front of every request's own.
  let path: String

  /// - Parameter base: `scheme://host[:port][/path]`, as ``BackendAddress/base`` has it. nil where it is not.
  init?(base: String) {
    guard let mark = base.utf8.firstIndex(of: UInt8(ascii: ":")), base[mark...].hasPrefix("://") else {
      return nil
    }
    isTLS = base[..<mark] == "https"
    let rest = base[base.index(mark, offsetBy: 3)...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    path = String(rest[slash...])
    authority = String(rest[..<slash])
    let end =
      authority.first == "["
      ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
    let host = authority[..<(end ?? authority.endIndex)]
    self.host = host.first == "[" ? String(host.dropFirst().dropLast()) : String(host)
    let digits = end.map { authority[$0...].dropFirst() } ?? ""
    guard !self.host.isEmpty, let port = digits.isEmpty ? (isTLS ? 443 : 80) : Int(digits) else { return nil }
    self.port = port
  }
}

/// Why a request has no answer, beside the errors of NIO.
enum HTTPConnectionError: Error, Equatable {
  /// The longest time for a connection, and for a TLS handshake.
  static let connectSeconds: Int64 = 10

  case handshakeTimeout
  /// The time for the whole request is over.
  case outOfTime
  case closed(answerBegan: Bool)
}

/// One connection: requests go in as ``Call``s, one at a time, and their answers come by a promise.
private final class HTTPConversation: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Call
  typealias OutboundOut = HTTPClientRequestPart

  struct Call: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let answer: EventLoopPromise<(reply: HTTPReply, isKept: Bool)>
  }

  /// Waits for the TLS handshake.
  private var handshake: EventLoopPromise<any Channel>?
  private var call: Call?
  private var head: HTTPResponseHead?
  private var body = ByteBuffer()
  private var isClosed = false

  init(handshake: EventLoopPromise<any Channel>?) { self.handshake = handshake }

  func handlerAdded(context: ChannelHandlerContext) {
    if !context.channel.isActive { fail(HTTPConnectionError.closed(answerBegan: false), context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
      handshake?.succeed(context.channel)
      handshake = nil
    }
    context.fireUserInboundEventTriggered(event)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let call = unwrapOutboundIn(data)
    guard !isClosed else {
      promise?.fail(HTTPConnectionError.closed(answerBegan: false))
      return
    }
    // Whether the bytes arrive is told by the answer.
    promise?.succeed()
    self.call = call
    head = nil
    body.clear()
    context.write(wrapOutboundOut(.head(call.head)), promise: nil)
    if let body = call.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(var part):
      guard body.readableBytes + part.readableBytes <= HTTPExchange.largestAnswer else {
        return fail(NIOTooManyBytesError(), context)
      }
      body.writeBuffer(&part)
    case .end:
      guard let call, let head else { return fail(HTTPConnectionError.closed(answerBegan: true), context) }
      self.call = nil
      let isKept = head.isKeepAlive && !isClosed
      call.answer.succeed((HTTPReply(head, body), isKept))
      if !isKept { context.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOSSLError.uncleanShutdown: fail(HTTPConnectionError.closed(answerBegan: head != nil), context)
    case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode):
      fail(HTTPConnectionError.closed(answerBegan: head != nil), context)
    default: fail(error, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(HTTPConnectionError.closed(answerBegan: head != nil), context)
    context.fireChannelInactive()
  }

  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    isClosed = true
    handshake?.fail(error)
    handshake = nil
    call?.answer.fail(error)
    call = nil
    context.close(promise: nil)
  }
}

extension HTTPReply {
  fileprivate init(_ head: HTTPResponseHead, _ body: ByteBuffer) {
    self.init(
      status: Int(head.status.code), retryAfter: head.headers.first(name: "retry-after"),
      location: head.headers.first(name: "location"),
      computedTokens: head.headers.first(name: "x-compute-tokens"), body: Array(body.readableBytesView))
  }
}

import NIOCore
import NIOPosix
import Oracle
import Synchronization
import Testing

/// The client that `check` speaks HTTP with.
struct HTTPExchangeTests {
  /// Answers each request as `script` says of its number, from 0, and counts connections.
  private final class Server: Sendable {
    struct Step: Sendable {
      var answer: String
      /// Whether the connection closes behind the answer, some time later: as after an idle timeout.
      var closes = false
    }

    let connections = Atomic(0)
    let requests = Atomic(0)
    let script: @Sendable (Int) -> Step

    init(_ script: @escaping @Sendable (Int) -> Step) { self.script = script }

    final class Handler: ChannelInboundHandler, Sendable {
      typealias InboundIn = ByteBuffer
      let server: Server

      init(_ server: Server) { self.server = server }

      func channelActive(context: ChannelHandlerContext) {
        server.connections.add(1, ordering: .relaxed)
      }

      func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let step = server.script(server.requests.add(1, ordering: .relaxed).oldValue)
        let channel = context.channel
        let written = context.writeAndFlush(NIOAny(ByteBuffer(string: step.answer)))
        if step.closes { written.whenComplete { _ in channel.close(promise: nil) } }
      }
    }

    func run(_ test: (HTTPExchange) async throws -> Void) async throws {
      let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Handler(self))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      defer { channel.close(promise: nil) }
      let port = channel.localAddress?.port ?? 0
      try await test(HTTPExchange(base: "http://127.0.0.1:\(port)", key: nil, timeoutSeconds: 120))
    }
  }

  private static func ok(_ body: String, _ headers: String = "") -> String {
    "HTTP/1.1 200 OK\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func usesOneConnectionForRequestsInTurn() async throws {
    let server = Server { .init(answer: Self.ok("\($0)")) }
    try await server.run { exchange in
      for number in 0..<5 {
        let reply = try await exchange.send("/")
        #expect(reply.body == Array("\(number)".utf8))
      }
    }
    #expect(server.connections.load(ordering: .relaxed) == 1)
  }

  @Test func closesTheConnectionWhereTheServerSaysSo() async throws {
    let server = Server { .init(answer: Self.ok("\($0)", "connection: close\r\n")) }
    try await server.run { exchange in
      for _ in 0..<3 {
        let reply = try await exchange.send("/")
        #expect(reply.status == 200)
      }
    }
    #expect(server.connections.load(ordering: .relaxed) == 3)
  }

  @Test func followsNoRedirect() async throws {
    let server = Server { _ in
      .init(answer: "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
    }
    try await server.run { exchange in
      let reply = try await exchange.send("/")
      #expect(reply.status == 302 && reply.location == "http://127.0.0.1:1/")
    }
    #expect(server.requests.load(ordering: .relaxed) == 1)
  }

  /// With a length and without one, where only the end of the connection ends the answer.
  @Test(arguments: [true, false]) func refusesAnAnswerThatIsTooLarge(_ hasLength: Bool) async throws {
    let body = String(repeating: "a", count: HTTPExchange.largestAnswer + 1)
    let server = Server { _ in
      .init(answer: hasLength ? Self.ok(body) : "HTTP/1.1 200 OK\r\n\r\n" + body, closes: true)
    }
    try await server.run { exchange in
      await #expect(throws: BackendError.malformed("the answer is larger than 32 MiB")) {
        try await exchange.send("/")
      }
    }
  }

  @Test func readsAnAnswerThatEndsWithItsConnection() async throws {
    let server = Server { _ in .init(answer: "HTTP/1.1 200 OK\r\n\r\n[1]", closes: true) }
    try await server.run { exchange in
      let reply = try await exchange.send("/")
      #expect(reply.body == Array("[1]".utf8))
    }
  }

  @Test func aCanceledTaskEndsTheRequestAtOnce() async throws {
    let server = Server { _ in .init(answer: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[") }
    try await server.run { exchange in
      let task = Task { try await exchange.send("/") }
      while server.requests.load(ordering: .relaxed) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let start = ContinuousClock.now
      task.cancel()
      await #expect(throws: BackendError.cancelled) { try await task.value }
      #expect(ContinuousClock.now - start < .seconds(60))
    }
  }
}

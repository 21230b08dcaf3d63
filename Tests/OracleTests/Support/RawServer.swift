import NIOCore
import NIOPosix

/// A server that sends the same bytes to everybody, whatever they say; nil: it hangs up at once.
enum RawServer {
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let bytes: [UInt8]?
    let closes: Bool
    private var hasAnswered = false

    init(_ bytes: [UInt8]?, closes: Bool) {
      self.bytes = bytes
      self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard let bytes else { return context.close(promise: nil) }
      guard !hasAnswered else { return }
      hasAnswered = true
      let written = context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)))
      guard closes else { return }
      // Its own direction only: a close while the rest of the request is under way resets the connection, and
      // the client loses what it has not read yet.
      let channel = context.channel
      written.whenComplete { _ in channel.close(mode: .output, promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard case .inputClosed? = event as? ChannelEvent else {
        return context.fireUserInboundEventTriggered(event)
      }
      context.close(promise: nil)
    }
  }

  static func run(
    _ bytes: [UInt8]?, closes: Bool = true, _ test: (String) async throws -> Void
  ) async throws {
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(bytes, closes: closes))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let result: Result<Void, any Error>
    do { result = .success(try await test("127.0.0.1:\(channel.localAddress?.port ?? 0)")) } catch {
      result = .failure(error)
    }
    try await channel.close()
    try result.get()
  }
}

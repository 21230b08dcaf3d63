import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypesHTTP1
import NIOSSL

/// HTTP/1.1 with a ``RequestGate`` before everything that reads requests.
struct GatedHTTP1Channel: ServerChildChannel {
  let base: HTTP1Channel

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      try pipeline.addHandler(RequestGate(), position: .before(codec))
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

/// A connection over TLS, with the certificate that is in force when it is made.
///
/// Hummingbird's own `TLSChannel` keeps the first certificate until the process ends.
struct ReloadableTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let contexts: TLSContextStore

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: contexts.current))
    }.flatMap {
      base.setup(channel: channel, logger: logger)
    }
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

extension HTTPServerBuilder {
  /// HTTP/1.1, over TLS where there is a certificate.
  static func touchstone(_ configuration: HTTP1Channel.Configuration, tls: TLSContextStore?)
    -> HTTPServerBuilder
  {
    HTTPServerBuilder { responder in
      let plain = GatedHTTP1Channel(
        base: HTTP1Channel(responder: responder, configuration: configuration))
      guard let tls else { return plain }
      return ReloadableTLSChannel(base: plain, contexts: tls)
    }
  }
}

import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Watches one connection: bodies that do not come, answers that are not read, requests that last too long, clients
/// that go away.
///
/// A client that closes its side of the connection before it has its answer counts as gone, as most servers see it.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Sent down the pipeline when a request is being served.
  struct Waiting: Sendable {
    let presence: ClientPresence
  }

  private let limits: Limits
  private var presence: ClientPresence?
  private var isInputClosed = false
  private var bodyDeadline: Scheduled<Void>?
  private var requestDeadline: Scheduled<Void>?
  private var answerDeadline: Scheduled<Void>?

  init(limits: Limits) { self.limits = limits }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      let box = NIOLoopBound(context, eventLoop: context.eventLoop)
      bodyDeadline?.cancel()
      bodyDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.bodyTimeout)) {
        box.value.fireErrorCaught(ServiceError.timeout)
      }
    case .body: break
    case .end:
      bodyDeadline?.cancel()
      bodyDeadline = nil
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let waiting = event as? Waiting else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    presence = waiting.presence
    if isInputClosed { waiting.presence.leave(.disconnected) }
    requestDeadline?.cancel()
    requestDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.requestTimeout)) {
      waiting.presence.leave(.outOfTime)
    }
    promise?.succeed()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head:
      requestDeadline?.cancel()
      requestDeadline = nil
      let box = NIOLoopBound(context, eventLoop: context.eventLoop)
      answerDeadline?.cancel()
      answerDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.answerTimeout)) {
        box.value.close(promise: nil)
      }
      context.write(data, promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      presence = nil
      let deadline = answerDeadline
      answerDeadline = nil
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.whenComplete { _ in deadline?.cancel() }
      context.write(data, promise: written)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { clientHasGone() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    clientHasGone()
    for deadline in [bodyDeadline, requestDeadline, answerDeadline] { deadline?.cancel() }
    context.fireChannelInactive()
  }

  private func clientHasGone() {
    isInputClosed = true
    presence?.leave(.disconnected)
  }
}

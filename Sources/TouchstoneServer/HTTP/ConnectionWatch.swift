import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Watches one connection: bodies that do not come, answers that are not read, clients that go away. How long
/// a request may last is not kept here, since a connection may end before anybody knows that a request waits.
///
/// A client that closes its side of the connection before it has its answer counts as gone, as most servers
/// see it.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Sent down the pipeline when a request is being served.
  struct Waiting: Sendable {
    let presence: ClientPresence
    /// Held until the answer has been written.
    let memory: MemoryBudget.Reservation
  }

  /// Sent down the pipeline when the body of the request at hand is wanted.
  struct BodyWanted: Sendable {}

  private let limits: Limits
  private var presence: ClientPresence?
  private var memory: MemoryBudget.Reservation?
  private var isInputClosed = false
  /// Whether the client waits for leave before it sends a body (`Expect: 100-continue`).
  private var asksForLeave = false
  /// Whether the connection is closed behind the answer that is being written.
  private var closesBehindAnswer = false
  /// Whether the service is ending.
  private var isQuiescing = false
  /// Requests that have been read, as far as their heads, and not been answered.
  private var openRequests = 0
  private var bodyDeadline: Scheduled<Void>?
  private var answerDeadline: Scheduled<Void>?

  init(limits: Limits) { self.limits = limits }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      openRequests += 1
      asksForLeave = head.headerFields[.expect]?.utf8.isASCIIWord("100-continue") == true
      let box = NIOLoopBound(context, eventLoop: context.eventLoop)
      bodyDeadline?.cancel()
      bodyDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.bodyTimeout)) {
        box.value.fireErrorCaught(ServiceError.timeout)
      }
    case .body: asksForLeave = false
    case .end:
      asksForLeave = false
      bodyDeadline?.cancel()
      bodyDeadline = nil
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    switch event {
    case let waiting as Waiting:
      memory = waiting.memory
      presence = waiting.presence
      if isInputClosed || !context.channel.isActive { waiting.presence.leave(.disconnected) }
    case is BodyWanted: giveLeave(context)
    default:
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    promise?.succeed()
  }

  /// `100 Continue`: curl waits a second for it before it sends a body of more than a megabyte.
  private func giveLeave(_ context: ChannelHandlerContext) {
    guard asksForLeave else { return }
    asksForLeave = false
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      let box = NIOLoopBound(context, eventLoop: context.eventLoop)
      answerDeadline?.cancel()
      answerDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.answerTimeout)) {
        box.value.close(promise: nil)
      }
      closesBehindAnswer = asksForLeave
      if isLastAnswer { head.headerFields[.connection] = "close" }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body:
      context.write(data, promise: promise)
    case .end:
      presence = nil
      openRequests -= 1
      let deadline = answerDeadline
      answerDeadline = nil
      // Not when the answer is on its way: a client that does not read keeps all of it here.
      let held = memory
      memory = nil
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.whenComplete { _ in
        deadline?.cancel()
        withExtendedLifetime(held) {}
      }
      if closesBehindAnswer { context.closeWhenDone(written.futureResult) }
      context.write(data, promise: written)
    }
  }

  /// Whether the connection is to be closed behind the answer at hand: the service is ending, or the client
  /// was refused before it sent the body, so that nobody knows whether what comes next is that body.
  private var isLastAnswer: Bool { asksForLeave || isQuiescing && openRequests == 1 }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { isQuiescing = true }
    if let event = event as? ChannelEvent, event == .inputClosed { clientHasGone() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    clientHasGone()
    for deadline in [bodyDeadline, answerDeadline] { deadline?.cancel() }
    context.fireChannelInactive()
  }

  private func clientHasGone() {
    isInputClosed = true
    presence?.leave(.disconnected)
  }
}

extension ChannelHandlerContext {
  /// Closes the connection when what is on its way has been written.
  fileprivate func closeWhenDone(_ writing: EventLoopFuture<Void>) {
    let box = NIOLoopBound(self, eventLoop: eventLoop)
    writing.whenComplete { _ in box.value.close(promise: nil) }
  }
}

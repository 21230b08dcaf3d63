import Hummingbird
import NIOCore
import Synchronization

/// Bounds how many requests are served at once and for how long, and tells the connection's watch who waits
/// for this one.
final class AdmissionMiddleware: RouterMiddleware {
  private let limit: Int
  private let timeout: Duration
  private let memory: MemoryBudget
  private let count = Mutex(0)

  init(_ limits: Limits, _ memory: MemoryBudget) {
    self.memory = memory
    limit = limits.concurrentRequests
    timeout = limits.requestTimeout
  }

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    let isAdmitted = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isAdmitted else { throw ServiceError.overloaded(retryAfterSeconds: 1) }
    defer { count.withLock { $0 -= 1 } }
    var context = context
    context.deadline = .now + timeout
    let reservation = memory.reservation()
    context.memory = reservation
    Self.announce(context, reservation)
    return try await next(request, context)
  }

  /// A client may have gone before anybody knew that it waits: then there is no watch in the pipeline any
  /// more to tell, and it counts as gone.
  private static func announce(_ context: ServiceRequestContext, _ memory: MemoryBudget.Reservation) {
    let (channel, presence) = (context.channel, context.presence)
    let promise = channel.eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenFailure { _ in
      // At once where the channel is closed. An open channel without a watch is one of a test.
      channel.closeFuture.whenComplete { _ in presence.leave(.disconnected) }
    }
    channel.triggerUserOutboundEvent(
      ConnectionWatch.Waiting(presence: presence, memory: memory), promise: promise)
  }
}

import Hummingbird
import Synchronization

/// Bounds how many requests are served at once, and tells the connection's watch who waits for this one.
final class AdmissionMiddleware: RouterMiddleware {
  private let limit: Int
  private let count = Mutex(0)

  init(limit: Int) { self.limit = limit }

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
    context.channel.triggerUserOutboundEvent(
      ConnectionWatch.Waiting(presence: context.presence, facts: context.facts), promise: nil)
    return try await next(request, context)
  }
}

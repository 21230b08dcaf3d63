import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Turns whatever is thrown further in into the answer of the dialect that the path belongs to.
struct ErrorMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let serviceError = Self.serviceError(error, request, context)
      context.facts.update { $0.error = serviceError }
      return Dialect(path: request.uri.path).answer(to: serviceError).response
    }
  }

  static func serviceError(
    _ error: any Error, _ request: Request, _ context: ServiceRequestContext
  ) -> ServiceError {
    switch error {
    case let error as ServiceError: return error
    case let error as HTTPError where error.status == .notFound: return .unknownRoute(request.uri.path)
    case let error as HTTPError: return .malformed(error.body ?? error.status.reasonPhrase)
    case is CancellationError:
      return context.presence.departure == .outOfTime
        ? .tookTooLong : .unavailable("the request was given up")
    case is ChannelError: return .timeout
    default: return .engine("an error that should not happen: \(type(of: error))")
    }
  }
}

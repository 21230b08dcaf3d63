import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import NIOHTTP1

/// Turns whatever is thrown further in into the answer of the dialect that the path belongs to.
struct ErrorMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      if let refusal = request.headers[.refusal].flatMap(RequestGate.Refusal.init) { throw refusal.error }
      return try await next(request, context)
    } catch {
      let serviceError = Self.serviceError(error, request, context)
      context.facts.update { $0.error = serviceError }
      let dialect = context.facts.current.dialect ?? Dialect(path: request.uri.path)
      var response = dialect.answer(to: serviceError).response
      // Nobody knows where the next request would begin.
      if error is HTTPParserError { response.headers[.connection] = "close" }
      return response
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
    case is HTTPParserError: return .malformed("the request is not framed as HTTP/1.1 has it: a length, a chunk or a line end is wrong")
    default: return .engine("an error that should not happen: \(type(of: error))")
    }
  }
}

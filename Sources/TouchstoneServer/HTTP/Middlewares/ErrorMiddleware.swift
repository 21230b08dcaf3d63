import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import NIOHTTP1

/// Turns whatever is thrown further in into the answer of the dialect that the route or the body is in.
struct ErrorMiddleware: RouterMiddleware {
  /// `http` or `https`: of the addresses that sentences name.
  let scheme: String

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      if let refusal = request.headers[.refusal].flatMap(RequestGate.Refusal.init) { throw refusal.error }
      return try await next(request, context)
    } catch {
      let serviceError = serviceError(error, request, context)
      context.outcome.update { $0.error = serviceError }
      let spoken = context.outcome.value.dialect ?? context.dialect
      let dialect = spoken ?? Dialect(unknownPath: request.uri.path)
      var response = dialect.answer(to: serviceError).response
      // Nobody knows where the next request would begin.
      if error is HTTPParserError { response.headers[.connection] = "close" }
      return response
    }
  }

  private func serviceError(
    _ error: any Error, _ request: Request, _ context: ServiceRequestContext
  ) -> ServiceError {
    switch error {
    case let error as ServiceError: return error
    case let error as HTTPError where error.status == .notFound:
      return .unknownRoute(request.uri.path, baseURL: baseURL(of: request))
    case let error as HTTPError: return .malformed(error.body ?? error.status.reasonPhrase)
    case is CancellationError:
      return context.presence.departure == .outOfTime
        ? .tookTooLong : .unavailable("the request was given up")
    case is ChannelError: return .timeout
    case is HTTPParserError:
      return .malformed(
        "the request is not framed as HTTP/1.1 has it: a length, a chunk or a line end is wrong")
    default: return .engine("an error that should not happen: \(type(of: error))")
    }
  }

  /// What the client should have been given as its base URL, where it put `/v1` twice, or a whole path: nil
  /// for a path that no client of OpenAI's API would make.
  private func baseURL(of request: Request) -> String? {
    let parts = request.uri.path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    let calls = ["embeddings", "models", "rerank", "score"].map { Array($0.utf8) }
    guard let last = parts.last, parts.count > 1 || last == Array("v1".utf8),
      let host = request.head.authority,
      calls.contains(last) || parts.contains(Array("v1".utf8))
    else { return nil }
    return "\(scheme)://\(host)/v1"
  }
}

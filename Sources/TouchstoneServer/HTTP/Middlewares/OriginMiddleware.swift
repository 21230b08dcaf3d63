import HTTPTypes
import Hummingbird

/// Which pages of other origins may read the answers of the service (CORS). None, unless named.
package enum AllowedOrigins: Sendable, Equatable {
  case any
  case some(Set<String>)

  static let none = AllowedOrigins.some([])

  /// - Parameter origins: the values of `--cors-origin`: `https://example.org`, or `*` for all.
  package init(_ origins: [String]) throws(OriginError) {
    if origins == ["*"] {
      self = .any
      return
    }
    for origin in origins { try Self.check(origin) }
    self = .some(Set(origins))
  }

  /// A browser sends scheme, host and port, and compares letter by letter.
  private static func check(_ origin: String) throws(OriginError) {
    let parts = origin.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, ["http", "https"].contains(parts[0]), !parts[1].isEmpty,
      parts[1].utf8.allSatisfy({
        (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "*")
      }),
      origin == origin.lowercased()
    else { throw OriginError(origin: origin) }
  }

  func contains(_ origin: String) -> Bool {
    switch self {
    case .any: true
    case .some(let origins): origins.contains(origin)
    }
  }
}

/// A value of `--cors-origin` that no browser would send.
package struct OriginError: Error, Equatable, CustomStringConvertible {
  let origin: String

  package var description: String {
    "--cors-origin is '\(origin)', but must be '*' or an origin as browsers send it, in lower case and without a path: "
      + "https://example.org or http://localhost:3000"
  }
}

/// Answers the questions of browsers whose page is of another origin. Outside of the rendering of errors, so that such
/// a page can read those too.
struct OriginMiddleware: RouterMiddleware {
  let allowed: AllowedOrigins

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    guard let origin = request.headers[.origin], allowed.contains(origin) else {
      return try await next(request, context)
    }
    let isQuestion = request.method == .options && request.headers[.accessControlRequestMethod] != nil
    var response = isQuestion ? Response(status: .noContent) : try await next(request, context)
    response.headers[.accessControlAllowOrigin] = allowed == .any ? "*" : origin
    response.headers[.vary] = "Origin"
    if isQuestion {
      response.headers[.accessControlAllowMethods] = "GET, POST"
      response.headers[.accessControlAllowHeaders] = "authorization, content-type, x-api-key, x-request-id"
      response.headers[.accessControlMaxAge] = "600"
    } else {
      response.headers[.accessControlExposeHeaders] =
        "retry-after, x-request-id, x-compute-tokens, x-total-time, x-tokenization-time, x-queue-time, "
        + "x-inference-time, x-ignored-parameters"
    }
    return response
  }
}

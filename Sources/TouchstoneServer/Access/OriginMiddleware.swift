import ForeignText
import HTTPTypes
import Hummingbird
import JSON

/// Which pages of other origins may read the answers of the service (CORS). None, unless named.
package enum AllowedOrigins: Sendable, Equatable {
  case any
  case some([String])

  static let none = AllowedOrigins.some([])

  /// - Parameter origins: the values of `--cors-origin`: `https://example.org`, or `*` for all.
  package init(_ origins: [String]) throws(OriginError) {
    if origins == ["*"] {
      self = .any
      return
    }
    for origin in origins { try Self.check(origin) }
    self = .some(origins)
  }

  /// Of web pages, and of programs and extensions that are made of them.
  private static let schemes = [
    "http", "https", "app", "capacitor", "chrome-extension", "moz-extension", "safari-web-extension", "tauri",
    "vscode-webview",
  ]

  /// A browser sends scheme, host and port, and compares letter by letter.
  private static func check(_ origin: String) throws(OriginError) {
    let parts = origin.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, schemes.contains(String(parts[0])), !parts[1].isEmpty,
      parts[1].utf8.allSatisfy({
        (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "*")
      }),
      origin == origin.lowercased()
    else { throw OriginError(origin: origin) }
  }

  func contains(_ origin: String) -> Bool {
    switch self {
    case .any: true
    case .some(let origins): origins.contains { $0.hasBytes(of: origin) }
    }
  }

  /// Whether a page of `origin` may use a service that is called `host`: its own page, or one that is
  /// allowed.
  package func admit(_ origin: String, host: String?) -> Bool {
    contains(origin) || HostMiddleware.isOwn(origin, host: host)
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

/// Answers the questions of browsers whose page is of another origin. Outside of the rendering of errors, so
/// that such a page can read those too.
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
      response.headers[.accessControlAllowMethods] = "GET, POST, PUT, DELETE"
      response.headers[.accessControlAllowHeaders] = Self.allowedHeaders(request.headers)
      response.headers[.accessControlMaxAge] = "600"
    } else {
      response.headers[.accessControlExposeHeaders] =
        "retry-after, x-request-id, x-compute-tokens, x-total-time, x-tokenization-time, x-queue-time, "
        + "x-inference-time, x-ignored-parameters, x-given-tokens, x-truncated-inputs"
    }
    return response
  }

  /// The headers that the page wants to send, all of them: clients have many of their own (`x-stainless-os`),
  /// and none can do harm. Without a wish, those that the service reads.
  private static func allowedHeaders(_ headers: HTTPFields) -> String {
    let wanted = headers[.accessControlRequestHeaders]?.utf8.prefix(4096).filter { byte in
      byte == 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    if let wanted, !wanted.isEmpty { return String(decoding: wanted, as: UTF8.self) }
    return "authorization, content-type, api-key, x-api-key, x-request-id"
  }
}

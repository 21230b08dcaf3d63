import ForeignText
import HTTPTypes
import Hummingbird
import JSON

/// Lets a request pass that has a key of the service, or asks for what is open to all.
///
/// A key comes as `Authorization: Bearer KEY`, as `x-api-key: KEY`, or, from clients of Azure, as `api-key:
/// KEY`. The requests of one key share one turn in the queue, wherever they come from.
struct AuthenticationMiddleware: RouterMiddleware {
  let keys: APIKeyStore

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    let keys = keys.current
    guard !keys.isEmpty, !OpenPaths.contain(request) else {
      return try await next(request, context)
    }
    guard keys.position(of: request.headers) != nil else { throw ServiceError.unauthorized }
    return try await next(request, context)
  }
}

extension APIKeyStore {
  /// The place of the key that a request has.
  func position(of headers: HTTPFields) -> Int? { current.position(of: headers) }
}

extension APIKeys {
  fileprivate func position(of headers: HTTPFields) -> Int? {
    if let value = headers[.authorization] {
      let words = value.utf8.split(separator: UInt8(ascii: " "))
      if words.count == 2, words[0].isASCIIWord("bearer"), let position = self.position(of: words[1]) {
        return position
      }
    }
    for name in [HTTPField.Name.apiKey, .azureKey] {
      if let position = headers[name].flatMap({ self.position(of: $0.utf8) }) { return position }
    }
    return nil
  }
}

/// What needs no key: whether the service is up, and what is the same for everybody.
enum OpenPaths {
  private static let paths = ["/", "/knowledge", "/explain", "/health", "/ready", "/openapi.json"]

  /// Reading is open, never posting: text-embeddings-inference embeds at `/`.
  static func contain(_ request: Request) -> Bool {
    guard request.method == .get || request.method == .head else { return false }
    let path = request.uri.path
    return paths.contains { $0.hasBytes(of: path) } || path.utf8.starts(with: PageAssets.prefix.utf8)
  }
}

extension HTTPField.Name {
  /// `x-api-key`
  static let apiKey = HTTPField.Name("x-api-key").unsafelyUnwrapped
  /// `api-key`
  static let azureKey = HTTPField.Name("api-key").unsafelyUnwrapped
}

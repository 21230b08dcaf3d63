import HTTPTypes
import Hummingbird

/// The header in which a proxy names the client: `X-Forwarded-For`.
package struct ClientHeader: Sendable {
  let name: HTTPField.Name

  package init(_ name: String) throws(ClientHeaderError) {
    guard let name = HTTPField.Name(name) else { throw ClientHeaderError(name: name) }
    self.name = name
  }
}

/// A value of `--client-header` that is no header's name.
package struct ClientHeaderError: Error, Equatable, CustomStringConvertible {
  let name: String

  package var description: String {
    "--client-header is '\(name)', but must be the name of a header, such as X-Forwarded-For"
  }
}

/// Takes the name of the client from a header that a proxy in front of the service sets, such as
/// `X-Forwarded-For`: without it all requests of a proxy share one turn in the queue. With keys, the key
/// decides.
///
/// Of several values the last counts, which is the proxy's own; those before it are what the client claims.
struct ClientHeaderMiddleware: RouterMiddleware {
  let header: ClientHeader

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    guard let name = Self.client(in: request.headers[values: header.name]) else {
      return try await next(request, context)
    }
    var context = context
    context.client = ClientID(name)
    context.facts.update { $0.client = name }
    return try await next(request, context)
  }

  /// A name for the queue and the log: visible ASCII, and not much of it.
  private static func client(in values: [String]) -> String? {
    guard let last = values.last?.utf8.split(separator: UInt8(ascii: ",")).last else { return nil }
    let visible = last.filter { (0x21...0x7E).contains($0) }.prefix(64)
    return visible.isEmpty ? nil : String(decoding: visible, as: UTF8.self)
  }
}

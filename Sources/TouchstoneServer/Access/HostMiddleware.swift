import ForeignText
import HTTPTypes
import Hummingbird
import JSON

/// By which names requests may call the service.
///
/// A web page can have its own name lead to 127.0.0.1 (DNS rebinding); its requests then carry that name as
/// their `Host`.
package enum AllowedHosts: Sendable, Equatable {
  case any
  /// In lower case, without a port; IPv6 addresses without brackets.
  case some([String])

  private static let loopback = ["localhost", "127.0.0.1", "::1"]

  /// A service on a loopback address without keys takes loopback names only, and those of the operator.
  ///
  /// - Parameters:
  ///   - names: the values of `--allowed-host`; `*` for any.
  ///   - host: the address that the service listens on. nil: it is a Unix socket, which no page can reach.
  ///   - hasKeys: whether clients must present a key.
  package init(_ names: [String], listeningOn host: String?, hasKeys: Bool) {
    guard let host, !names.contains(where: { $0.hasBytes(of: "*") }) else {
      self = .any
      return
    }
    let own = Self.normalized(host)
    let isLoopback = Self.loopback.contains(own) || own.utf8.starts(with: "127.".utf8)
    self =
      names.isEmpty && (hasKeys || !isLoopback)
      ? .any : .some(Self.loopback + [own] + names.map { Self.name(of: $0) })
  }

  /// - Parameter authority: the value of `Host`, ASCII.
  func contain(_ authority: String) -> Bool {
    switch self {
    case .any: true
    case .some(let names): names.contains { $0.hasBytes(of: Self.name(of: authority)) }
    }
  }

  /// `[::1]:8080` → `::1`, `LocalHost.:80` → `localhost`.
  private static func name(of authority: String) -> String {
    let bytes = authority.utf8
    if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
      return normalized(String(decoding: bytes[..<end].dropFirst(), as: UTF8.self))
    }
    let colons = bytes.count { $0 == UInt8(ascii: ":") }
    // Several without brackets: an address of IPv6 as people write it on a command line.
    guard colons == 1, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      return normalized(authority)
    }
    return normalized(String(decoding: bytes[..<colon], as: UTF8.self))
  }

  private static func normalized(_ name: String) -> String {
    let bare = name.droppingSuffix(".") ?? name
    return String(decoding: bare.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

/// Refuses requests that a web page has a browser send to a service that is not meant for it.
struct HostMiddleware: RouterMiddleware {
  let hosts: AllowedHosts
  /// Pages of these origins may post. nil: the service has keys, which other pages do not know.
  let origins: AllowedOrigins?

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    if let host = request.head.authority, !hosts.contain(host) { throw ServiceError.foreignHost(host) }
    if let origins, let origin = request.headers[.origin], !Self.isReading(request.method),
      !origins.admit(origin, host: request.head.authority)
    {
      throw ServiceError.foreignOrigin(origin)
    }
    return try await next(request, context)
  }

  private static func isReading(_ method: HTTPRequest.Method) -> Bool {
    method == .get || method == .head || method == .options
  }

  /// Whether the page was loaded from this service: the origin's host and port are those of the request.
  static func isOwn(_ origin: String, host: String?) -> Bool {
    guard let host else { return false }
    return ["http://", "https://"].contains { scheme in
      origin.utf8.count == scheme.utf8.count + host.utf8.count && origin.utf8.starts(with: scheme.utf8)
        && zip(origin.utf8.dropFirst(scheme.utf8.count), host.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
  }
}

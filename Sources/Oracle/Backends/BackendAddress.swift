/// Where the other side is: scheme, host, port and what comes before the endpoints' own paths.
package struct BackendAddress: Sendable, Equatable {
  /// `http://127.0.0.1:8080`, without a slash at the end.
  package let base: String
  /// What the given address says of the dialect: `…/api/embed` is Ollama's.
  package let dialect: ServerDialect?

  /// - Parameter text: a base address or that of an endpoint; `http://` is understood where no scheme is
  ///   given.
  package init(_ text: String) throws(BackendError) {
    func failure(_ reason: String) -> BackendError { .unreachable("the address '\(text)' \(reason)") }
    let bytes = text.utf8
    guard !bytes.isEmpty else { throw .unreachable("the address of the other side is empty") }
    guard bytes.count <= 2048, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .unreachable(
        "the address of the other side has more than 2048 bytes, white space or characters outside ASCII")
    }
    var rest = text[...]
    var scheme = "http"
    if let colon = text.range(ofFirst: "://") {
      scheme = text[..<colon.lowerBound].lowercased()
      rest = text[colon.upperBound...]
    }
    guard scheme == "http" || scheme == "https" else {
      throw failure("begins with \(scheme)://, but must begin with http:// or https://")
    }
    guard !rest.contains("?"), !rest.contains("#") else {
      throw failure("has a query or a fragment; pass the part before '?' or '#'")
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = rest[..<slash]
    guard !authority.contains("@") else {
      throw .unreachable("the address of the other side has a user name in it; pass a key with --api-key")
    }
    guard Self.isAuthority(authority) else {
      throw failure("has no host, or a port that is not from 1 to 65535")
    }
    var path = String(rest[slash...])
    while path.hasSuffix("/") { path.removeLast() }
    let endpoint = Self.endpoints.first { path.hasSuffix($0.path) }
    if let endpoint { path.removeLast(endpoint.path.utf8.count) }
    base = "\(scheme)://\(authority)\(path)"
    dialect = endpoint?.dialect
  }

  /// The longest first: `/api/embed` ends with `/embed`.
  private static let endpoints: [(path: String, dialect: ServerDialect)] =
    (ServerDialect.allCases.map { ($0.path, $0) } + [("/v1", .openAI), ("/api", .ollama)])
    .sorted { $0.path.utf8.count > $1.path.utf8.count }

  /// `host`, `host:port`, `[::1]`, `[::1]:port`.
  private static func isAuthority(_ text: Substring) -> Bool {
    let hostEnd =
      text.first == "["
      ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":") ?? text.endIndex
    guard let hostEnd, hostEnd > text.startIndex else { return false }
    let port = text[hostEnd...]
    if port.isEmpty { return true }
    guard port.first == ":", port.dropFirst().allSatisfy(\.isNumber), let number = Int(port.dropFirst())
    else {
      return false
    }
    return (1...65535).contains(number)
  }
}

extension String {
  fileprivate func range(ofFirst part: String) -> Range<Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
  }
}

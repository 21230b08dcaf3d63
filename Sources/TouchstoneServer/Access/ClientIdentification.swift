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

/// Who sends a request: the holder of a key, else the client that a proxy's header names. Without both, all
/// requests of a proxy share one turn in the queue.
struct ClientIdentification {
  let header: ClientHeader?
  let keys: APIKeyStore?

  /// nil: the peer of the connection.
  func client(of request: Request) -> ClientID? {
    if let position = keys?.position(of: request.headers) { return ClientID("key \(position + 1)") }
    return header.flatMap { Self.client(in: request.headers[values: $0.name]) }.map(ClientID.init)
  }

  /// A name for the queue and the log: visible ASCII, and not much of it.
  ///
  /// - Parameter values: the last counts, which is the proxy's own; those before it are claims of the client.
  private static func client(in values: [String]) -> String? {
    guard let last = values.last?.utf8.split(separator: UInt8(ascii: ",")).last else { return nil }
    let visible = last.filter { (0x21...0x7E).contains($0) }.prefix(64)
    return visible.isEmpty ? nil : String(decoding: visible, as: UTF8.self)
  }
}

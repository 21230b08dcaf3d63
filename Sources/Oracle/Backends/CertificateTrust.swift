import AsyncHTTPClient
import NIOSSL
import Synchronization

/// Which TLS certificates of the other side are taken.
package enum CertificateTrust: Sendable, Hashable {
  /// Those that an authority of this system has signed.
  case system
  /// Also those that an authority of a PEM file has signed, or that are in it themselves.
  case file(String)
  /// Any: whoever is on the way can read and change everything.
  case anything
}

/// One client for each kind of trust, for as long as the process lives: it keeps connections.
enum HTTPClients {
  private static let clients = Mutex<[CertificateTrust: HTTPClient]>([:])

  static func client(_ trust: CertificateTrust) throws(BackendError) -> HTTPClient {
    try clients.withLock { clients throws(BackendError) in
      if let known = clients[trust] { return known }
      let client = try makeClient(trust)
      clients[trust] = client
      return client
    }
  }

  private static func makeClient(_ trust: CertificateTrust) throws(BackendError) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(10))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.tlsConfiguration = try tls(trust)
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  private static func tls(_ trust: CertificateTrust) throws(BackendError) -> TLSConfiguration? {
    switch trust {
    case .system: return nil
    case .file(let path):
      var configuration = TLSConfiguration.makeClientConfiguration()
      do {
        configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
      } catch {
        throw .unreachable("\(path) holds no certificates in PEM that can be read")
      }
      return configuration
    case .anything:
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.certificateVerification = .none
      return configuration
    }
  }
}

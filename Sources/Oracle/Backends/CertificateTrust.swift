import NIOSSL
import Synchronization

/// The TLS certificates that a server may have.
package enum CertificateTrust: Sendable, Hashable {
  /// Those that an authority of this system has signed.
  case system
  /// Also those that an authority of a PEM file has signed, or that are in it themselves.
  case file(String)
  /// Any: whoever is on the way can read and change everything.
  case anything
}

extension CertificateTrust {
  /// For as long as the process lives: they keep connections.
  private static let connections = Mutex<[CertificateTrust: HTTPConnections]>([:])

  func connections() throws(BackendError) -> HTTPConnections {
    try Self.connections.withLock { known throws(BackendError) in
      if let connections = known[self] { return connections }
      let connections: HTTPConnections
      do { connections = try HTTPConnections(try tlsConfiguration()) } catch let error as BackendError {
        throw error
      } catch {
        throw .unreachable("TLS cannot be set up: \("\(error)".printable())")
      }
      known[self] = connections
      return connections
    }
  }

  private func tlsConfiguration() throws(BackendError) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    switch self {
    case .system: break
    case .file(let path):
      do {
        configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
      } catch {
        throw .unreachable("\(path) holds no certificates in PEM that can be read")
      }
    case .anything: configuration.certificateVerification = .none
    }
    return configuration
  }
}

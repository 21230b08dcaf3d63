import NIOSSL
import Synchronization

/// The certificate and the key of a service, as files in PEM.
package struct TLSFiles: Sendable, Equatable {
  package let certificate: String
  package let key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  /// nil where neither file is given.
  package init?(certificate: String?, key: String?) throws(TLSFileError) {
    switch (certificate, key) {
    case (nil, nil): return nil
    case (_?, nil): throw .certificateWithoutKey
    case (nil, _?): throw .keyWithoutCertificate
    case (let certificate?, let key?): self.init(certificate: certificate, key: key)
    }
  }

  /// What a connection needs, with the files as they are now: TLS 1.2 or later, HTTP/1.1.
  package func load() throws(TLSFileError) -> NIOSSLContext {
    let chain = try loadChain()
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try loadKey()))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw .unusable(certificate: certificate, key: key)
    }
  }

  private func loadChain() throws(TLSFileError) -> [NIOSSLCertificate] {
    let bytes = try Self.read(certificate)
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(bytes)
      guard !chain.isEmpty else { throw TLSFileError.noCertificate(path: certificate) }
      return chain
    } catch {
      throw .noCertificate(path: certificate)
    }
  }

  private func loadKey() throws(TLSFileError) -> NIOSSLPrivateKey {
    let bytes = try Self.read(key)
    // BoringSSL would ask for a passphrase on standard input, and wait for ever.
    guard !String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") else {
      throw .encryptedKey(path: key)
    }
    do { return try NIOSSLPrivateKey(bytes: bytes, format: .pem) } catch { throw .noKey(path: key) }
  }

  private static func read(_ path: String) throws(TLSFileError) -> [UInt8] {
    do { return try BoundedFile.read(path) } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
  }
}

/// Why a service cannot speak TLS with the files given. One sentence: what, which file, what was needed.
package enum TLSFileError: Error, Equatable, CustomStringConvertible {
  case certificateWithoutKey
  case keyWithoutCertificate
  case cannotRead(path: String, reason: String)
  case noCertificate(path: String)
  case noKey(path: String)
  case encryptedKey(path: String)
  /// The key is not that of the certificate, or BoringSSL refuses one of them.
  case unusable(certificate: String, key: String)

  package var description: String {
    switch self {
    case .certificateWithoutKey: "--tls-certificate needs --tls-key, the file of its private key"
    case .keyWithoutCertificate: "--tls-key needs --tls-certificate, the file of the certificate chain"
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .noCertificate(let path):
      "\(path) has no certificate that can be read; a PEM file is needed, the service's certificate first and those "
        + "of its issuers after it"
    case .noKey(let path): "\(path) has no private key that can be read; a PEM file is needed"
    case .encryptedKey(let path):
      "the private key in \(path) is protected by a passphrase, and a service cannot ask for it; remove it with "
        + "'openssl pkey -in FILE -out NEW'"
    case .unusable(let certificate, let key):
      "the private key in \(key) does not belong to the first certificate in \(certificate)"
    }
  }
}

/// The certificate in force. A reload replaces it for the connections made from then on.
package final class TLSContextStore: Sendable {
  private let files: TLSFiles
  private let context: Mutex<NIOSSLContext>

  package init(_ files: TLSFiles) throws(TLSFileError) {
    self.files = files
    context = Mutex(try files.load())
  }

  var current: NIOSSLContext { context.withLock(\.self) }

  /// Reads both files again. Where they cannot be used, the certificate stays as it was.
  package func reload() throws(TLSFileError) {
    let fresh = try files.load()
    context.withLock { $0 = fresh }
  }
}

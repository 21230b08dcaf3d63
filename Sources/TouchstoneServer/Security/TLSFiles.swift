import NIOSSL

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

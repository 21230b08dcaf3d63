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
      "the private key in \(path) is protected by a passphrase, and there is nobody to ask for it; remove it with "
        + "'openssl pkey -in FILE -out NEW'"
    case .unusable(let certificate, let key):
      "the private key in \(key) does not belong to the first certificate in \(certificate)"
    }
  }
}

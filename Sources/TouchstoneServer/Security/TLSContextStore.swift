import NIOSSL
import Synchronization

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

import Logging

/// What the operator of a service decides and looks at: who may ask, over what, and what is counted.
package struct Operations: Sendable {
  /// nil: everybody may ask.
  package var keys: APIKeyStore?
  /// nil: plain HTTP.
  package var tls: TLSContextStore?
  package var origins = AllowedOrigins.none
  /// By which names requests may call the service.
  package var hosts = AllowedHosts.any
  /// A header of a proxy that names the client. nil: the address of the peer.
  package var clientHeader: ClientHeader?
  package let metrics = ServiceMetrics()

  package init() {}

  /// Which pages may post, where no key keeps others out.
  var guardedOrigins: AllowedOrigins? { keys.map(\.current.isEmpty) ?? true ? origins : nil }

  /// What is read again on SIGHUP.
  var reloadables: [HangupSignal.Reloadable] {
    var reloadables: [HangupSignal.Reloadable] = []
    if let keys, keys.hasFile {
      reloadables.append(.init("API keys") { "read again, \(try keys.reload()) in force" })
    }
    if let tls {
      reloadables.append(
        .init("TLS certificate") {
          try tls.reload()
          return "read again, in force for new connections"
        })
    }
    return reloadables
  }
}

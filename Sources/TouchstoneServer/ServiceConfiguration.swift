import ForeignText
import Hummingbird
import JSON
import Logging

/// Where the service listens and what it serves.
package struct ServiceConfiguration: Sendable {
  package enum Address: Sendable, Equatable {
    case tcp(host: String, port: Int)
    case unixSocket(path: String)

    /// nil: a Unix socket has none.
    package var host: String? {
      if case .tcp(let host, _) = self { host } else { nil }
    }
  }

  package var address = Address.tcp(host: "127.0.0.1", port: 8080)
  package var models: [ModelDefinition]
  package var threads: Int?
  package var settings = ServiceSettings()
  package var observer: any ServiceObserver = ServiceObservers()
  /// Run inside of the report and the rendering of errors.
  package var middlewares: [ServiceMiddleware] = []
  package var operations = Operations()
  /// What other modules add.
  package var extensions: [any ServiceExtension] = []
  /// An element for each time that keys and certificates are to be read again. nil: never.
  package var hangups: AsyncStream<Void>?
  /// Where the service and each request leave a line. Nowhere, unless set.
  package var logger = Logger(label: "touchstone") { _ in SwiftLogNoOpLogHandler() }

  package init(models: [ModelDefinition]) { self.models = models }

  /// Everybody who counts and logs: for the ``InferenceService``.
  package var observers: any ServiceObserver {
    ServiceObservers([observer, operations.metrics, AccessLog(logger)])
  }

  /// For the libraries underneath, whose small talk is for `--log-level trace` alone.
  func libraryLogger(_ phase: ServicePhase) -> Logger {
    var logger = Logger(label: logger.label) { _ in LibraryLogHandler(base: self.logger.handler, phase: phase)
    }
    logger.logLevel = self.logger.logLevel > .trace ? max(.notice, self.logger.logLevel) : .trace
    return logger
  }

  /// - Throws: ``ServiceStartError/nameTwice(_:)`` where the command line alone gives two models one name.
  func checkNames() throws(ServiceStartError) {
    var names: [String] = []
    for name in models.flatMap({ [$0.name].compactMap(\.self) + $0.aliases }) {
      guard !names.contains(where: { $0.hasBytes(of: name) }) else { throw .nameTwice(name) }
      names.append(name)
    }
  }
}

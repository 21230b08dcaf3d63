import Hummingbird
import Logging

/// Where the service listens and what it serves.
package struct ServiceConfiguration: Sendable {
  package enum Address: Sendable, Equatable {
    case tcp(host: String, port: Int)
    case unixSocket(path: String)
  }

  package var address = Address.tcp(host: "127.0.0.1", port: 8080)
  package var models: [ModelDefinition]
  package var threads: Int?
  package var settings = ServiceSettings()
  package var observer: any ServiceObserver = ServiceObservers()
  /// Run inside of the report and the rendering of errors.
  package var middlewares: [ServiceMiddleware] = []
  package var operations = Operations()
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
  var libraryLogger: Logger {
    var logger = logger
    if logger.logLevel > .trace { logger.logLevel = max(.notice, logger.logLevel) }
    return logger
  }
}

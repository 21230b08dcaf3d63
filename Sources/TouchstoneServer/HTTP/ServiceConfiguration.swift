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
  package var logger = Logger(label: "touchstone")

  package init(models: [ModelDefinition]) { self.models = models }
}

import JSON
import ServiceLifecycle

/// What another module adds to the service: routes, their schemas, a start, work in the background. Keys,
/// limits, checks of Host and Origin, and metrics hold for its routes as for all others.
package protocol ServiceExtension: Sendable {
  /// JSON objects whose members are the schemas of its routes.
  var schemas: [[UInt8]] { get }

  func add(to routes: Routes)

  /// Called once on a thread of its own when the models are loaded, before requests are served.
  ///
  /// - Throws: what ends the service: ``ServiceStartError/extensionFailed(_:)`` with its sentence.
  func start(_ models: [ServedModel]) throws(ServiceStartError)

  /// Its members of `GET /status`.
  var status: [JSONValue.Member] { get }

  /// A line each for the start of the service.
  var startLines: [String] { get }

  /// The service ends; work in the background is to end soon, and to go on when the service starts again.
  func stop() async
}

/// Ends the work of extensions in order with the service.
struct ExtensionStop: Service {
  let extensions: [any ServiceExtension]

  func run() async throws {
    try? await gracefulShutdown()
    for one in extensions { await one.stop() }
  }
}

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The whole service: it listens at once, loads its models meanwhile, and ends in order.
package final class TouchstoneService: Sendable {
  package let configuration: ServiceConfiguration
  package let service: EmbeddingService
  private let group: ServiceGroup

  /// - Parameters:
  ///   - onListening: called with the address as people write it, `http://127.0.0.1:8080`.
  ///   - warn: called with what is odd about a model's file.
  package init(
    _ configuration: ServiceConfiguration,
    onListening: @escaping @Sendable (String) -> Void = { _ in },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.configuration = configuration
    service = EmbeddingService(settings: configuration.settings, observer: configuration.observer)
    let loader = ModelLoader(
      definitions: configuration.models, threads: configuration.threads, registry: service.registry,
      observer: configuration.observer, warn: warn)
    let application = Self.application(configuration, service, onListening: onListening)
    var group = ServiceGroupConfiguration(services: [loader, application], logger: configuration.logger)
    group.maximumGracefulShutdownDuration = configuration.settings.limits.shutdownTimeout
    self.group = ServiceGroup(configuration: group)
  }

  /// Serves until ``shutDown()``. What was accepted before is answered, within the limit for that.
  package func run() async throws {
    defer { service.scheduler.stop() }
    try await group.run()
  }

  package func shutDown() async { await group.triggerGracefulShutdown() }

  /// The HTTP application alone, for tests in process.
  package static func application(
    _ configuration: ServiceConfiguration, _ service: EmbeddingService,
    onListening: @escaping @Sendable (String) -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let limits = configuration.settings.limits
    let address: BindAddress =
      switch configuration.address {
      case .tcp(let host, let port): .hostname(host, port: port)
      case .unixSocket(let path): .unixDomainSocket(path: path)
      }
    return Application(
      router: ServiceRoutes.router(service, middlewares: configuration.middlewares),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [ConnectionWatch(limits: limits)],
          idleTimeout: TimeAmount(limits.idleTimeout))),
      configuration: ApplicationConfiguration(
        address: address, serverName: "touchstone",
        availableConnectionsDelegate: .maximum(limits.connections, logger: configuration.logger)),
      onServerRunning: { channel in onListening(Self.url(of: channel, configuration.address)) },
      logger: configuration.logger)
  }

  private static func url(of channel: any Channel, _ address: ServiceConfiguration.Address) -> String {
    switch address {
    case .unixSocket(let path): return "unix:\(path)"
    case .tcp(let host, let port):
      let written = host.contains(":") ? "[\(host)]" : host
      return "http://\(written):\(channel.localAddress?.port ?? port)"
    }
  }
}

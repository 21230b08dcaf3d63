import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The whole service: it listens at once, loads its models meanwhile, and ends in order.
package final class TouchstoneService: Sendable {
  package let configuration: ServiceConfiguration
  package let service: InferenceService
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
    service = InferenceService(settings: configuration.settings, observer: configuration.observers)
    let loader = ModelLoader(
      definitions: configuration.models, threads: configuration.threads, registry: service.registry,
      observer: configuration.observers, warn: warn)
    let hangup = HangupSignal(
      configuration.operations.reloadables, hangups: configuration.hangups, logger: configuration.logger)
    let application = Self.application(configuration, service, onListening: onListening)
    var group = ServiceGroupConfiguration(
      services: [loader, hangup, application], logger: configuration.libraryLogger)
    group.maximumGracefulShutdownDuration = configuration.settings.limits.shutdownTimeout
    self.group = ServiceGroup(configuration: group)
  }

  /// Serves until ``shutDown()``. What was accepted before is answered, within the limit for that; the rest is given up.
  package func run() async throws {
    defer { service.scheduler.stop() }
    do {
      try await group.run()
    } catch let error as IOError {
      throw ServiceStartError.cannotListen(configuration.address, code: error.errnoCode)
    } catch let error as SocketAddressError {
      throw ServiceStartError.wrongAddress(configuration.address, "\(error)")
    } catch is NIOConnectionError {
      throw ServiceStartError.wrongAddress(configuration.address, "the host has no address")
    } catch is CancellationError {
      configuration.logger.warning("ended with requests unanswered: the time for what was accepted was over")
    }
  }

  package func shutDown() async { await group.triggerGracefulShutdown() }

  /// The HTTP application alone, for tests in process.
  package static func application(
    _ configuration: ServiceConfiguration, _ service: InferenceService,
    onListening: @escaping @Sendable (String) -> Void = { _ in }
  ) -> some ApplicationProtocol {
    let limits = configuration.settings.limits
    let address: BindAddress =
      switch configuration.address {
      case .tcp(let host, let port): .hostname(host, port: port)
      case .unixSocket(let path): .unixDomainSocket(path: path)
      }
    return Application(
      router: ServiceRoutes.router(
        service, operations: configuration.operations, middlewares: configuration.middlewares),
      server: .touchstone(
        HTTP1Channel.Configuration(
          additionalChannelHandlers: [ConnectionWatch(limits: limits)],
          idleTimeout: TimeAmount(limits.idleTimeout)),
        tls: configuration.operations.tls),
      configuration: ApplicationConfiguration(
        address: address, serverName: "touchstone",
        availableConnectionsDelegate: .maximum(limits.connections, logger: configuration.libraryLogger)),
      onServerRunning: { channel in onListening(Self.url(of: channel, configuration)) },
      logger: configuration.libraryLogger)
  }

  private static func url(of channel: any Channel, _ configuration: ServiceConfiguration) -> String {
    switch configuration.address {
    case .unixSocket(let path): return "unix:\(path)"
    case .tcp(let host, let port):
      let written = host.contains(":") ? "[\(host)]" : host
      let scheme = configuration.operations.tls == nil ? "http" : "https"
      return "\(scheme)://\(written):\(channel.localAddress?.port ?? port)"
    }
  }
}

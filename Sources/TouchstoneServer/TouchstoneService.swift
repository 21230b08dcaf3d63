import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The whole service: it takes connections at once, loads its models meanwhile, and ends in order.
package final class TouchstoneService: Sendable {
  package let configuration: ServiceConfiguration
  package let service: InferenceService
  private let group: ServiceGroup
  private let phase: ServicePhase

  /// - Parameters:
  ///   - onServing: called once, when the service takes requests and its models are loaded.
  ///   - warn: called with what is odd about a model's file.
  package init(
    _ configuration: ServiceConfiguration,
    onServing: @escaping @Sendable (StartReport) -> Void = { _ in },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.configuration = configuration
    let service = InferenceService(settings: configuration.settings, observer: configuration.observers)
    self.service = service
    let phase = ServicePhase { url in
      onServing(
        StartReport(
          url: url, models: (try? service.registry.all()) ?? [], configuration.settings,
          also: configuration.extensions.flatMap(\.startLines)))
    }
    self.phase = phase
    let loader = ModelLoader(
      definitions: configuration.models, threads: configuration.threads, registry: service.registry,
      observer: configuration.observers, phase: phase, extensions: configuration.extensions, warn: warn)
    let hangup = HangupSignal(
      configuration.operations.reloadables, hangups: configuration.hangups, logger: configuration.logger)
    let application = Self.application(configuration, service, phase)
    var group = ServiceGroupConfiguration(
      services: [loader, hangup, ExtensionStop(extensions: configuration.extensions), application],
      logger: configuration.libraryLogger(phase))
    group.maximumGracefulShutdownDuration = configuration.settings.limits.shutdownTimeout
    self.group = ServiceGroup(configuration: group)
  }

  /// Serves until ``shutDown()``. What was accepted before is answered, within the limit for that; the rest
  /// is given up.
  ///
  /// - Throws: ``ServiceStartError`` where the service cannot begin; the errors of models that cannot be
  ///   loaded.
  package func run() async throws {
    defer { service.scheduler.stop() }
    try configuration.checkNames()
    do {
      try await group.run()
    } catch let error as IOError {
      throw ServiceStartError.cannotListen(configuration.address, code: error.errnoCode)
    } catch let error as SocketAddressError {
      throw ServiceStartError.wrongAddress(configuration.address, error.reason)
    } catch is SocketAddressError.UnknownHost {
      throw ServiceStartError.wrongAddress(
        configuration.address, "the host has no address; name one of this machine, such as 127.0.0.1")
    } catch is NIOConnectionError {
      throw ServiceStartError.wrongAddress(configuration.address, "the host has no address")
    } catch is CancellationError {
      configuration.logger.warning(
        "ended with requests unanswered: the time to finish accepted requests is over")
    }
  }

  package func shutDown() async {
    phase.end()
    await group.triggerGracefulShutdown()
  }

  /// The HTTP application alone, for tests in process.
  package static func application(
    _ configuration: ServiceConfiguration, _ service: InferenceService
  ) -> some ApplicationProtocol {
    application(configuration, service, ServicePhase { _ in })
  }

  private static func application(
    _ configuration: ServiceConfiguration, _ service: InferenceService, _ phase: ServicePhase
  ) -> some ApplicationProtocol {
    let limits = configuration.settings.limits
    let logger = configuration.libraryLogger(phase)
    let address: BindAddress =
      switch configuration.address {
      case .tcp(let host, let port): .hostname(host, port: port)
      case .unixSocket(let path): .unixDomainSocket(path: path)
      }
    return Application(
      router: ServiceRoutes.router(
        service, operations: configuration.operations, extensions: configuration.extensions,
        middlewares: configuration.middlewares),
      server: .touchstone(
        HTTP1Channel.Configuration(
          additionalChannelHandlers: [ConnectionWatch(limits: limits)],
          idleTimeout: TimeAmount(limits.idleTimeout)),
        tls: configuration.operations.tls),
      configuration: ApplicationConfiguration(
        address: address, serverName: "touchstone",
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { channel in phase.listen(at: Self.url(of: channel, configuration)) },
      logger: logger)
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

extension SocketAddressError {
  /// In words that fit behind a colon.
  fileprivate var reason: String {
    switch self {
    case .unknown: "the host has no address; name one of this machine, such as 127.0.0.1"
    case .unixDomainSocketPathTooLong: "the path of the socket is longer than the system allows"
    default: "the address is none of this machine"
    }
  }
}

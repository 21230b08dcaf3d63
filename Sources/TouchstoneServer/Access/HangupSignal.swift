import Logging
import ServiceLifecycle

/// Reads keys and certificates again when SIGHUP arrives, without touching a connection.
package struct HangupSignal: Service {
  /// What is read again: its name in the log, and how; the result is a sentence.
  package struct Reloadable: Sendable {
    let name: String
    let reload: @Sendable () throws -> String

    package init(_ name: String, reload: @escaping @Sendable () throws -> String) {
      self.name = name
      self.reload = reload
    }
  }

  private let reloadables: [Reloadable]
  private let hangups: AsyncStream<Void>?
  private let logger: Logger

  /// - Parameter hangups: an element for each SIGHUP. nil: nobody sends any.
  package init(_ reloadables: [Reloadable], hangups: AsyncStream<Void>?, logger: Logger) {
    self.reloadables = reloadables
    self.hangups = hangups
    self.logger = logger
  }

  package func run() async throws {
    guard let hangups else { return try await gracefulShutdown() }
    for await _ in hangups.cancelOnGracefulShutdown() { reload() }
  }

  func reload() {
    if reloadables.isEmpty { logger.notice("SIGHUP: there is no key file and no certificate to read again") }
    for item in reloadables {
      do {
        let result = try item.reload()
        logger.notice("\(item.name): \(result)")
      } catch {
        logger.error("\(item.name): not read again, the old ones stay in force: \(error)")
      }
    }
  }
}

/// Examines a server, whatever it is asked for: its answers to single requests, then its behavior.
package struct ServerExamination<Server: ExaminedServer> {
  let backend: Server
  let emulator: Emulator
  let probes: [Probe]
  let searchTime: Duration
  let progress: (String) -> Void
  /// Whether a text that has no vector leaves the verdict open; see ``Examination/requiresAll``.
  package var requiresAll = true

  /// - Parameters:
  ///   - searchTime: how long combinations of mistakes are tried.
  ///   - progress: told what is being asked or tried.
  package init(
    _ backend: Server, _ emulator: Emulator, _ probes: [Probe],
    searchTime: Duration = Examination.searchTime, progress: @escaping (String) -> Void = { _ in }
  ) {
    self.backend = backend
    self.emulator = emulator
    self.probes = probes
    self.searchTime = searchTime
    self.progress = progress
  }

  /// What the answers to the probes alone say.
  ///
  /// - Parameter observe: asks the server.
  func verdictOnProbes(
    others: [Emulator], showsTexts: Bool, _ observe: () async throws -> Observations
  ) async throws -> Verdict {
    progress("\(probes.count) probes at \(backend.name)")
    let observations = try await observe()
    var examination = Examination(
      emulator, probes, observations, searchTime: searchTime, progress: progress)
    examination.requiresAll = requiresAll
    examination.mayRefuse = [.length, .tokenIDs, .dimensions]
    return try examination.verdict(others: others, showsTexts: showsTexts)
  }
}

/// A server that can be examined.
package protocol ExaminedServer {
  /// How reports name it.
  var name: String { get }
}

extension RemoteBackend: ExaminedServer {}
extension RerankBackend: ExaminedServer {}

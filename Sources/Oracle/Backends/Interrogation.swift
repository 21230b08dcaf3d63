/// Asks the other side for the vectors of probes, one a request, so that no batch can spoil them.
package struct Interrogation {
  package let backend: any Backend
  package let hiddenSize: Int
  /// The ids that are sent for a probe of token ids.
  package let sentIDs: (Probe) throws(OracleError) -> [Int32]

  package init(
    _ backend: any Backend, hiddenSize: Int, sentIDs: @escaping (Probe) throws(OracleError) -> [Int32]
  ) {
    self.backend = backend
    self.hiddenSize = hiddenSize
    self.sentIDs = sentIDs
  }

  /// The answers. Probes that the dialect cannot carry are missing; a text that is refused is an answer.
  ///
  /// - Parameter progress: told how many probes are answered.
  /// - Throws: ``OracleError/input(_:)`` where the other side gives no vector of this model at all.
  package func observations(
    _ probes: [Probe], progress: (Int) -> Void = { _ in }
  ) async throws -> Observations {
    var observations: Observations = [:]
    var firstRefusal: BackendError?
    var counts = ComponentCounts(hiddenSize: hiddenSize)
    for (index, probe) in probes.enumerated() {
      guard let input = try input(of: probe) else { continue }
      do {
        let observation = try await observation(of: input, probe)
        if let vector = observation.vector { try counts.check(vector.count, probe, "the other side") }
        observations[probe.name] = observation
      } catch let error as BackendError {
        switch error {
        case .status, .malformed:
          observations[probe.name] = Observation(error)
          if firstRefusal == nil { firstRefusal = error }
        case .unreachable, .late, .cancelled: throw error
        }
      }
      // A server that refuses the first three texts refuses all.
      if observations.count == 3, let firstRefusal, observations.values.allSatisfy(\.isRefused) {
        throw firstRefusal
      }
      progress(index + 1)
    }
    return observations
  }

  /// Asks once more where the server failed, or broke the connection: what fails once says nothing of the
  /// text.
  private func observation(
    of input: BackendInput, _ probe: Probe
  ) async throws(BackendError) -> Observation {
    func ask(_ input: BackendInput, _ dimensions: Int?) async throws(BackendError) -> Observation {
      try await backend.embed([input], dimensions: dimensions).vectors[0]
    }
    do {
      return try await ask(input, probe.dimensions)
    } catch {
      switch error {
      case .cancelled, .status(..<500, _): throw error
      case .status, .malformed, .unreachable, .late: break
      }
    }
    do {
      return try await ask(input, probe.dimensions)
    } catch {
      switch error {
      case .unreachable(let reason), .late(let reason):
        // The control: a plain text. Without an answer to it there is no server any more.
        _ = try await ask(.text("a"), nil)
        return .failed("\(reason), twice; a plain text has a vector")
      case .status, .malformed, .cancelled: throw error
      }
    }
  }

  private func input(of probe: Probe) throws(OracleError) -> BackendInput? {
    if probe.dimensions != nil, !backend.takesDimensions { return nil }
    if let text = probe.sentText { return .text(text) }
    return backend.takesTokenIDs ? .tokenIDs(try sentIDs(probe)) : nil
  }
}

extension Observation {
  /// An answer without a vector.
  fileprivate init(_ error: BackendError) {
    guard case .status(500..., let reason) = error else {
      self = .refused("\(error)")
      return
    }
    self = Self.speaksOfNaN(reason) ? .notFinite(count: 0) : .failed("\(error)")
  }

  /// What JSON encoders say where a vector holds NaN: Go's `json: unsupported value: NaN`, Python's `Out of
  /// range float values are not JSON compliant: nan`.
  private static func speaksOfNaN(_ reason: String) -> Bool {
    let words = reason.lowercased()
    return words.contains("out of range float values")
      || words.split { !$0.isLetter }.contains { ["nan", "inf", "infinity"].contains($0) }
  }

  fileprivate var isRefused: Bool {
    switch self {
    case .refused, .failed: true
    case .vector, .notFinite: false
    }
  }
}

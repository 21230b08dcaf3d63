/// Examines a server: its vectors, then its behavior.
package typealias RemoteExamination = ServerExamination<RemoteBackend>

extension RemoteExamination {
  /// - Parameters:
  ///   - others: other files of the same model, as in ``Examination``.
  ///   - behavior: whether batches, statuses and the like are examined too.
  ///   - longestText: the tokens of the longest text that is sent to find limits.
  package func verdict(
    others: [Emulator] = [], showsTexts: Bool = false, behaviour: Bool = true, longestText: Int
  ) async throws -> Verdict {
    let verdict = try await verdictOnProbes(others: others, showsTexts: showsTexts, observations)
      .ofSingleRequests
    guard behaviour else { return verdict }
    let subject = BehaviourSubject(
      backend, reference(verdict), longestText: min(longestText, emulator.configuration.contextLength),
      tolerance: Self.tolerance(verdict))
    return verdict.adding(try await BehaviourReport.examine(subject, progress: progress))
  }

  private func observations() async throws -> Observations {
    let emulator = emulator
    let interrogation = Interrogation(backend, hiddenSize: emulator.configuration.hiddenSize) {
      probe throws(OracleError) in try emulator.sentIDs(of: probe)
    }
    return try await interrogation.observations(probes)
  }

  /// Two vectors that are both within a difference d of a third are within 4 d of each other.
  private static func tolerance(_ verdict: Verdict) -> Double {
    max(1e-6, verdict.largestDifference.map { 4 * $0 } ?? 1e-3)
  }

  /// With the mistakes that were found: a server is not accused of one twice.
  private func reference(_ verdict: Verdict) -> BehaviourReference {
    let named = Set(verdict.diagnoses.map(\.id))
    return BehaviourReference(emulator, Hypothesis(Mistake.all.filter { named.contains($0.id) }).recipe)
  }
}

extension Verdict {
  /// Probes were asked one by one: a repetition that differs says something of history, and nothing of
  /// batches.
  fileprivate var ofSingleRequests: Verdict {
    var verdict = self
    for (index, diagnosis) in diagnoses.enumerated() where diagnosis.id == Behaviour.dependsOnBatch.rawValue {
      verdict.diagnoses[index] = Behaviour.dependsOnHistory.diagnosis(
        "\(diagnosis.evidence), after the other probes, each in a request of its own")
    }
    return verdict
  }
}

extension BehaviourReference {
  /// Counts, ids and vectors as a recipe makes them.
  package init(_ emulator: Emulator, _ recipe: Recipe) {
    func probe(_ content: Probe.Content) -> Probe { Probe(name: "behaviour", kind: .plain, content: content) }
    self.init(
      hiddenSize: emulator.configuration.hiddenSize,
      vocabularySize: emulator.tokenizer.reference.vocabularySize,
      endOfText: emulator.endOfText,
      tokenCount: { text in (try? emulator.ids(of: probe(.document(text)), recipe).count) ?? 0 },
      tokenIDs: { text in (try? emulator.sentIDs(of: probe(.tokenIDs(of: text)))) ?? [] },
      byteTokenIDs: { text in (try? emulator.sentIDs(of: probe(.byteTokenIDs(of: text)))) ?? [] },
      vector: { text, limit in
        var limited = recipe
        limited.limit = limit
        return (try? emulator.vector(of: probe(.document(text)), limited)) ?? nil
      })
  }
}

/// Examines a server that reranks: its scores, one pair a request, then several documents in one.
package typealias RerankExamination = ServerExamination<RerankBackend>

extension RerankExamination {
  /// - Parameters:
  ///   - others: other files of the same model, as in ``Examination``.
  ///   - behavior: whether several documents are sent in one request too.
  package func verdict(
    others: [Emulator] = [], showsTexts: Bool = false, behaviour: Bool = true
  ) async throws -> Verdict {
    var verdict = try await verdictOnProbes(others: others, showsTexts: showsTexts, observations)
    guard behaviour else { return verdict }
    progress("several documents in one request")
    let tolerance = max(1e-3, 4 * (verdict.largestDifference ?? 0))
    var diagnoses = try await batch(tolerance: tolerance)
    if !diagnoses.isEmpty {
      // Seen twice, or not believed.
      let again = try await batch(tolerance: tolerance)
      diagnoses.removeAll { first in !again.contains { $0.id == first.id } }
    }
    verdict.diagnoses += diagnoses
    if !diagnoses.isEmpty, verdict.outcome != .unknown { verdict.outcome = .diagnosed }
    return verdict
  }

  private func observations() async throws -> Observations {
    var observations: Observations = [:]
    var refusals: [BackendError] = []
    for probe in probes {
      guard case .pair(let query, let document, let instruction) = probe.content else { continue }
      do {
        let results = try await backend.results(query, [document], instruction: instruction)
        let score = results.first?.score ?? .nan
        observations[probe.name] =
          score.isFinite ? .vector([Float(score)]) : .notFinite(count: 1)
      } catch {
        switch error {
        case .status, .malformed:
          observations[probe.name] = .refused("\(error)")
          refusals.append(error)
        case .unreachable, .late, .cancelled: throw error
        }
      }
      // A server that refuses the first three pairs refuses all.
      if refusals.count == 3, observations.count == 3 { throw refusals[0] }
    }
    return observations
  }

  /// A document's score must not depend on the others, and the indices must name the documents.
  private func batch(tolerance: Double) async throws -> [Verdict.Diagnosis] {
    let query = "why can the file not be opened"
    let documents = [
      "wooden table, iron chair", "The file could not be opened because the disk is full.",
      (1...12).map { "Step \($0): turn the wheel \($0 * 7 % 11) times." }.joined(separator: " "),
      "The file is open.",
    ]
    var alone: [Double] = []
    for document in documents {
      alone.append(try await backend.results(query, [document]).first?.score ?? .nan)
    }
    let together = try await backend.results(query, documents)
    let indices = together.compactMap(\.index)
    guard indices.sorted() == Array(documents.indices) else {
      return [
        Behaviour.index.diagnosis(
          "\(documents.count) documents got results with the indices "
            + together.map { $0.index.map(String.init) ?? "none" }.joined(separator: ", "))
      ]
    }
    let differences = together.map { result in
      emulator.measure.difference([Float(result.score)], [Float(alone[result.index ?? 0])], rule(alone))
    }
    guard let worst = differences.max(), worst > tolerance else { return [] }
    let sorted = zip(together.map(\.score).sorted(), alone.sorted())
    let isShuffled = sorted.allSatisfy {
      emulator.measure.difference([Float($0)], [Float($1)], rule(alone)) <= tolerance
    }
    if isShuffled {
      return [
        Behaviour.index.diagnosis("the scores of \(documents.count) documents came with each other's indices")
      ]
    }
    return [
      Verdict.Diagnosis(
        id: Behaviour.dependsOnBatch.rawValue, number: Behaviour.dependsOnBatch.number,
        title: "a document's score depends on the documents in the same request",
        evidence: "alone and among \(documents.count), scores differ by a logit difference of "
          + Figures.short(worst),
        remedy: Behaviour.dependsOnBatch.remedy)
    ]
  }

  /// Scores outside of 0 to 1 are compared as they are.
  private func rule(_ scores: [Double]) -> ScoreRule {
    var rule = ScoreRule()
    if !scores.allSatisfy((0...1).contains) { rule.form = .logitDifference }
    return rule
  }
}

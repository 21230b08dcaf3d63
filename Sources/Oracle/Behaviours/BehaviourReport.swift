/// What all examinations of a service's behavior found.
package struct BehaviourReport: Sendable {
  package var findings: [BehaviourFinding] = []
  package var notes: [String] = []

  package var seen: [Behaviour] {
    findings.compactMap { if case .seen = $0.outcome { $0.behaviour } else { nil } }
  }

  private struct Step: Sendable {
    let name: String
    let behaviours: [Behaviour]
    /// Those that make the step's conclusions void when they were seen.
    var voidAfter: [Behaviour] = [.alternating]
    /// Whether a server may remember it, so that it cannot be asked for the first time again. The step before
    /// it, equal requests with equal answers, is its control.
    var leavesTraces = false
    let examine: @Sendable (BehaviourSubject) async throws(BackendError) -> [BehaviourFinding]
  }

  /// In an order that lets later ones rely on earlier ones, what may end a server last.
  private static let steps: [Step] = [
    Step(name: "the same request again", behaviours: [.alternating], examine: Consistency.repetition),
    Step(
      name: "after other texts", behaviours: [.dependsOnHistory], leavesTraces: true,
      examine: Consistency.history),
    Step(name: "lists of texts", behaviours: [.listsRefused], voidAfter: [], examine: InputForms.lists),
    Step(
      name: "the order of a batch", behaviours: [.batchOrder, .index],
      voidAfter: [.alternating, .listsRefused], examine: BatchOrder.findings),
    Step(
      name: "batches", behaviours: [.dependsOnBatch],
      voidAfter: [.alternating, .batchOrder, .listsRefused], examine: Consistency.batches),
    Step(
      name: "white space",
      behaviours: [
        .whiteSpaceStrippedStart, .whiteSpaceStrippedEnd, .whiteSpaceCollapsed, .lineEndsReplaced,
        .carriageReturnsRemoved, .lowerCase,
      ], examine: WhiteSpaceBehaviour.findings),
    Step(name: "token counts", behaviours: [.usage], voidAfter: [], examine: TokenUsage.findings),
    Step(name: "an empty text", behaviours: [.emptyText], voidAfter: [], examine: InputForms.emptyText),
    Step(
      name: "token ids", behaviours: [.tokenIDsWithoutEnd, .tokenIDsRetokenized], examine: InputForms.tokenIDs
    ),
    Step(
      name: "base64", behaviours: [.encodingFormat, .base64Wrong], examine: InputForms.encodingFormat),
    Step(name: "long texts", behaviours: [.truncation, .longInputFails], examine: LongInput.findings),
    Step(
      name: "requests that make no sense",
      behaviours: [
        .statusEmptyList, .statusMissingInput, .statusWrongType, .statusBrokenJSON, .statusDimensions,
        .statusTokenIDs,
      ], voidAfter: [], examine: BadRequests.findings),
  ]

  /// - Parameter progress: told what is being asked.
  package static func examine(
    _ subject: BehaviourSubject, progress: (String) -> Void = { _ in }
  ) async throws(BackendError) -> BehaviourReport {
    var report = BehaviourReport()
    for step in steps {
      progress(step.name)
      if let cause = report.cause(voiding: step) {
        report.findings += step.behaviours.map { .notAsked($0, cause) }
        continue
      }
      do {
        report.findings += try await findings(of: step, subject)
      } catch {
        if case .cancelled = error { throw error }
        return report.ending(after: step.name, "\(error)")
      }
    }
    if subject.backend.sendsLists {
      report.findings.append(
        .seen(.singleTextRefused, "a text alone is refused, and the same text in a list has a vector"))
    }
    do {
      if let note = try await BadRequests.unknownModel(subject) { report.notes.append(note) }
      try await subject.checkThatItAnswers()
    } catch {
      if case .cancelled = error { throw error }
      return report.ending(after: "requests that make no sense", "\(error)")
    }
    return report
  }

  /// What a step sees twice. An answer that was wrong once, between right ones, is no behavior.
  ///
  /// - Throws: where the server answers nothing any more.
  private static func findings(
    of step: Step, _ subject: BehaviourSubject
  ) async throws(BackendError) -> [BehaviourFinding] {
    func attempt() async throws(BackendError) -> Result<[BehaviourFinding], BackendError> {
      do {
        return .success(try await step.examine(subject))
      } catch {
        if case .cancelled = error { throw error }
        return .failure(error)
      }
    }
    let first = try await attempt()
    if case .success(let findings) = first, step.leavesTraces || !findings.contains(where: \.isSeen) {
      return findings
    }
    // The control: the simplest request, which ends the examination where it fails for good.
    try await subject.checkThatItAnswers()
    let second = try await attempt()
    try await subject.checkThatItAnswers()
    switch (first, second) {
    case (.success(let first), .success(let second)):
      return second.map { finding in
        guard finding.isSeen, !first.contains(where: { $0.behaviour == finding.behaviour && $0.isSeen })
        else {
          return finding
        }
        return .notAsked(finding.behaviour, "it was seen once, and not before, when it was asked the same")
      }
    case (.failure(.late(let reason)), .failure), (.failure, .failure(.late(let reason))):
      return step.behaviours.map { .notAsked($0, "\(step.name): \(reason)") }
    case (.failure(.unreachable(let reason)), .failure(.unreachable)):
      return step.behaviours.map { .notAsked($0, "\(step.name): \(reason)") } + [
        .seen(
          .dropsRequests,
          "asked about \(step.name) twice: \(reason); a plain text has a vector before and after")
      ]
    case (.success(let findings), .failure), (.failure, .success(let findings)):
      // One of two attempts failed: nothing that is wrong has been seen twice.
      return findings.map { finding in
        finding.isSeen ? .notAsked(finding.behaviour, "one of two attempts failed") : finding
      }
    case (.failure(let error), .failure):
      return step.behaviours.map { .notAsked($0, "\(step.name): \(error)") }
    }
  }

  /// Why a step would prove nothing: what was seen, or that there are no vectors to compare.
  private func cause(voiding step: Step) -> String? {
    for finding in findings where step.voidAfter.contains(finding.behaviour) {
      switch finding.outcome {
      case .seen: return finding.behaviour.title
      case .notAsked(let reason) where [.alternating, .listsRefused].contains(finding.behaviour):
        return reason
      case .notAsked, .notSeen: continue
      }
    }
    return nil
  }

  private func ending(after step: String, _ reason: String) -> BehaviourReport {
    var report = self
    report.findings.append(.seen(.stopsAnswering, "while it was asked about \(step): \(reason)"))
    return report
  }
}

extension Verdict {
  /// The same with what the behavior says. What the vectors have shown already is not said twice.
  package func adding(_ report: BehaviourReport) -> Verdict {
    var verdict = self
    if report.seen.contains(.alternating) {
      // A repetition that differs says nothing more then.
      verdict.diagnoses.removeAll { $0.id == Behaviour.dependsOnHistory.rawValue }
    }
    for finding in report.findings {
      let behaviour = finding.behaviour
      let isKnown = verdict.diagnoses.contains { $0.id == behaviour.rawValue }
      switch finding.outcome {
      case .seen(let evidence):
        if isKnown {
          verdict.confirm(behaviour.rawValue, evidence)
        } else if behaviour.changesVectors {
          verdict.diagnoses.append(behaviour.diagnosis(evidence))
        } else {
          verdict.deviate(behaviour, evidence)
        }
        verdict.rejected.removeAll { $0.id == behaviour.rawValue }
      case .notSeen(let reason) where !isKnown && !verdict.rejected.contains { $0.id == behaviour.rawValue }:
        verdict.rejected.append(
          Rejected(id: behaviour.rawValue, title: behaviour.title, medianDifference: nil, reason: reason))
      case .notSeen: break
      case .notAsked(let reason): verdict.notes.append("not checked whether \(behaviour.title): \(reason)")
      }
    }
    verdict.notes += report.notes
    // Vectors that nothing explains stay so, whatever else is named: except that they change from request to
    // request.
    if !verdict.diagnoses.isEmpty, verdict.outcome != .unknown || report.seen.contains(.alternating) {
      verdict.outcome = .diagnosed
    }
    return verdict
  }

  /// One deviation may show in several steps.
  private mutating func deviate(_ behaviour: Behaviour, _ evidence: String) {
    if let index = deviations.firstIndex(where: { $0.id == behaviour.rawValue }) {
      deviations[index].evidence += "; \(evidence)"
    } else {
      deviations.append(behaviour.diagnosis(evidence))
    }
  }

  private mutating func confirm(_ id: String, _ evidence: String) {
    for index in diagnoses.indices where diagnoses[index].id == id {
      diagnoses[index].evidence += "; \(evidence)"
    }
  }
}

/// What all examinations of a service's behaviour found.
package struct BehaviourReport: Sendable {
  package var findings: [BehaviourFinding] = []
  package var notes: [String] = []

  package var seen: [Behaviour] {
    findings.compactMap { if case .seen = $0.outcome { $0.behaviour } else { nil } }
  }

  private typealias Step = (
    name: String, behaviours: [Behaviour],
    examine: @Sendable (BehaviourSubject) async throws(BackendError) -> [BehaviourFinding]
  )

  /// In an order that lets later ones rely on earlier ones, what may end a server last.
  private static let steps: [Step] = [
    ("the same request again", [.alternating], Consistency.repetition),
    ("batches", [.dependsOnBatch], Consistency.batches),
    ("the order of a batch", [.batchOrder, .index], BatchOrder.findings),
    ("after other texts", [.dependsOnHistory], Consistency.history),
    (
      "white space",
      [
        .whiteSpaceStrippedStart, .whiteSpaceStrippedEnd, .whiteSpaceCollapsed, .lineEndsReplaced,
        .carriageReturnsRemoved, .lowerCase,
      ], WhiteSpaceBehaviour.findings
    ),
    ("token counts", [.usage], TokenUsage.findings),
    ("an empty text", [.emptyText], InputForms.emptyText),
    ("token ids", [.tokenIDsWithoutEnd, .tokenIDsRetokenized], InputForms.tokenIDs),
    ("base64", [.encodingFormat], InputForms.encodingFormat),
    ("long texts", [.truncation, .longInputFails], LongInput.findings),
    (
      "requests that make no sense",
      [
        .statusEmptyList, .statusMissingInput, .statusWrongType, .statusBrokenJSON, .statusDimensions, .statusTokenIDs,
      ], BadRequests.findings
    ),
  ]

  /// - Parameter progress: told what is being asked.
  package static func examine(
    _ subject: BehaviourSubject, progress: (String) -> Void = { _ in }
  ) async throws(BackendError) -> BehaviourReport {
    var report = BehaviourReport()
    for step in steps {
      progress(step.name)
      if report.seen.contains(.alternating), step.behaviours == [.dependsOnBatch] || step.behaviours == [.dependsOnHistory] {
        report.findings.append(
          .notAsked(step.behaviours[0], "the same request has different results, whatever is in it"))
        continue
      }
      do {
        report.findings += try await step.examine(subject)
      } catch {
        if case .cancelled = error { throw error }
        report.findings += step.behaviours.map { .notAsked($0, "\(step.name): \(error)") }
        guard case .unreachable = error else { continue }
        return report.ending(after: step.name, "\(error)")
      }
    }
    do {
      if let note = try await BadRequests.unknownModel(subject) { report.notes.append(note) }
      _ = try await subject.vector(Consistency.text)
    } catch {
      if case .cancelled = error { throw error }
      return report.ending(after: "requests that make no sense", "\(error)")
    }
    return report
  }

  private func ending(after step: String, _ reason: String) -> BehaviourReport {
    var report = self
    report.findings.append(.seen(.stopsAnswering, "while it was asked about \(step): \(reason)"))
    return report
  }
}

extension Verdict {
  /// The same with what the behaviour says. What the vectors have shown already is not said twice.
  package func adding(_ report: BehaviourReport) -> Verdict {
    var verdict = self
    for finding in report.findings {
      let (behaviour, isKnown) = (finding.behaviour, diagnoses.contains { $0.id == finding.behaviour.rawValue })
      switch finding.outcome {
      case .seen(let evidence):
        if isKnown {
          verdict.confirm(behaviour.rawValue, evidence)
        } else {
          verdict.diagnoses.append(behaviour.diagnosis(evidence))
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
    if !verdict.diagnoses.isEmpty { verdict.outcome = .diagnosed }
    return verdict
  }

  private mutating func confirm(_ id: String, _ evidence: String) {
    for index in diagnoses.indices where diagnoses[index].id == id { diagnoses[index].evidence += "; \(evidence)" }
  }
}

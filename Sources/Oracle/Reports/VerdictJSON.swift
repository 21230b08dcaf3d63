import JSON

/// A verdict for programs.
package struct VerdictJSON {
  private let verdict: Verdict

  package init(_ verdict: Verdict) { self.verdict = verdict }

  package var value: JSONValue {
    .object([
      .init("agrees", .bool(verdict.outcome == .agrees)),
      .init("outcome", .string(verdict.outcome.name)),
      .init("precision", verdict.precision.map(JSONValue.string) ?? .null),
      .init("compared", .string(verdict.measure.noun)),
      .init("largest_difference", number(verdict.largestDifference)),
      .init("numbers", verdict.grid.map { .string($0.title) } ?? .null),
      .init("diagnoses", .array(verdict.diagnoses.map(diagnosis))),
      .init("deviations", .array(verdict.deviations.map(diagnosis))),
      .init("missing", .array(verdict.missing.map(JSONValue.string))),
      .init("rejected", .array(verdict.rejected.map(rejected))),
      .init("notes", .array(verdict.notes.map(JSONValue.string))),
      .init("seconds", .number(verdict.duration / .seconds(1))),
      .init("probes", .array(verdict.probes.map(probe))),
    ])
  }

  private func diagnosis(_ diagnosis: Verdict.Diagnosis) -> JSONValue {
    .object([
      .init("id", .string(diagnosis.id)), .init("number", diagnosis.number.map { .number($0) } ?? .null),
      .init("title", .string(diagnosis.title)), .init("evidence", .string(diagnosis.evidence)),
      .init("remedy", .string(diagnosis.remedy)), .init("confidence", number(diagnosis.confidence)),
    ])
  }

  private func rejected(_ rejected: Verdict.Rejected) -> JSONValue {
    .object([
      .init("id", .string(rejected.id)), .init("title", .string(rejected.title)),
      .init("median_difference", number(rejected.medianDifference)),
      .init("reason", .string(rejected.reason)),
    ])
  }

  private func probe(_ probe: Verdict.ProbeResult) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", .string(probe.name)), .init("kind", .string(probe.kind)),
      .init("tokens", .number(probe.tokenCount)),
      .init("from_reference", number(probe.fromReference)),
      .init("from_diagnosis", number(probe.fromDiagnosis)), .init("explained", .bool(probe.isExplained)),
    ]
    if let text = probe.text { members.append(.init("text", .string(text))) }
    return .object(members)
  }

  private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}

extension Verdict.Outcome {
  package var name: String {
    switch self {
    case .agrees: "agrees"
    case .diagnosed: "diagnosis"
    case .unknown: "unknown"
    case .incomplete: "incomplete"
    }
  }
}

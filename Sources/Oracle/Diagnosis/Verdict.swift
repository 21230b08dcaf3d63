/// What `check` found out, in the form that all reports are made from. `outcome` and `diagnoses` are about
/// the vectors; `deviations` about the rest of a server's HTTP API.
package struct Verdict: Sendable {
  package enum Outcome: Sendable, Equatable {
    /// Every vector is the reference's, up to the rounding of a precision.
    case agrees
    /// At least one mistake is named, and explains most of the vectors.
    case diagnosed
    /// The vectors differ, and no known mistake explains them.
    case unknown
    /// Those that came agree, and some that were asked for are missing.
    case incomplete
  }

  package var outcome: Outcome
  /// The class of rounding that explains what is left; several where the differences do not tell which. Empty
  /// where nothing explains it.
  package var precisions: [Precision]
  /// The largest difference from what the diagnosis predicts, over the probes that it explains.
  package var largestDifference: Double?
  /// What is wrong with the vectors.
  package var diagnoses: [Diagnosis]
  /// What the server does otherwise than its API says, and that changes no vector.
  package var deviations: [Diagnosis] = []
  /// Hypotheses that were tried and do not explain the vectors.
  package var rejected: [Rejected]
  /// Remarks that are not faults: differences by design, probes that could not be asked.
  package var notes: [String]
  /// A row for each probe that was answered.
  package var probes: [ProbeResult]
  /// The probes that should have an answer and have none.
  package var missing: [String] = []
  /// The grid that all the numbers lie on.
  package var grid: NumberGrid?
  /// What was compared.
  package var measure: Measure
  /// How long the examination took.
  package var duration = Duration.zero

  /// The precisions as one name: `float32`, `8-bit activations`, `half or bfloat16`.
  package var precision: String? {
    precisions.isEmpty ? nil : precisions.map(\.name).joined(separator: " or ")
  }

  package var explainedCount: Int { probes.count(where: \.isExplained) }

  package init(
    outcome: Outcome, precisions: [Precision], largestDifference: Double?, diagnoses: [Diagnosis],
    rejected: [Rejected], notes: [String], probes: [ProbeResult], measure: Measure = .vectors
  ) {
    self.outcome = outcome
    self.precisions = precisions
    self.largestDifference = largestDifference
    self.diagnoses = diagnoses
    self.rejected = rejected
    self.notes = notes
    self.probes = probes
    self.measure = measure
  }

  /// A mistake that was found. The same ids as in docs/mistakes.
  package struct Diagnosis: Sendable, Equatable {
    package var id: String
    /// The number in the list of known mistakes, where it is there.
    package var number: Int?
    package var title: String
    /// What was measured, one sentence.
    package var evidence: String
    /// What to do about it.
    package var remedy: String
    /// 0 to 1, of a mistake that was emulated: the share of the probes that the diagnosis explains, times
    /// 1 − (its largest difference / that of the next-best hypothesis). nil for what was seen itself.
    package var confidence: Double?

    package init(
      id: String, number: Int?, title: String, evidence: String, remedy: String, confidence: Double? = nil
    ) {
      self.id = id
      self.number = number
      self.title = title
      self.evidence = evidence
      self.remedy = remedy
      self.confidence = confidence
    }
  }

  package struct Rejected: Sendable, Equatable {
    package var id: String
    package var title: String
    /// The median of the differences over the probes that the mistake touches; nil where it touches none.
    package var medianDifference: Double?
    package var reason: String

    package init(
      id: String, title: String, medianDifference: Double?, reason: String
    ) {
      self.id = id
      self.title = title
      self.medianDifference = medianDifference
      self.reason = reason
    }
  }

  package struct ProbeResult: Sendable, Equatable {
    package var name: String
    package var kind: String
    package var tokenCount: Int
    /// The difference from the reference. nil: no answer.
    package var fromReference: Double?
    /// The same from what the diagnosis predicts.
    package var fromDiagnosis: Double?
    package var isExplained: Bool
    /// Only where the user asked to show texts.
    package var text: String?

    package init(
      name: String, kind: String, tokenCount: Int, fromReference: Double?, fromDiagnosis: Double?,
      isExplained: Bool, text: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.tokenCount = tokenCount
      self.fromReference = fromReference
      self.fromDiagnosis = fromDiagnosis
      self.isExplained = isExplained
      self.text = text
    }
  }
}

/// What `check` found out, in the form that all reports are made from.
package struct Verdict: Sendable {
  package enum Outcome: Sendable, Equatable {
    /// Every vector is the reference's, up to the rounding of a precision.
    case agrees
    /// At least one mistake is named.
    case diagnosed
    /// The vectors differ, and no known mistake explains them.
    case unknown
  }

  package var outcome: Outcome
  /// The class of rounding that explains what is left; several where the differences do not tell which. Empty
  /// where nothing explains it.
  package var precisions: [Precision]
  /// The largest difference from what the diagnosis predicts, over the probes that it explains.
  package var largestDifference: Double?
  package var diagnoses: [Diagnosis]
  /// Hypotheses that were tried and do not explain the vectors.
  package var rejected: [Rejected]
  /// Sentences about what is true and no mistake: differences by design, probes that could not be asked.
  package var notes: [String]
  /// A row for each probe that was answered.
  package var probes: [ProbeResult]
  /// What was compared.
  package var measure: Measure

  /// The same as one name: `float32`, `8-bit activations`, `half or bfloat16`.
  package var precision: String? {
    precisions.isEmpty ? nil : precisions.map(\.rawValue).joined(separator: " or ")
  }

  package init(
    outcome: Outcome, precisions: [Precision], largestDifference: Double?, diagnoses: [Diagnosis],
    rejected: [Rejected],
    notes: [String], probes: [ProbeResult], measure: Measure = .vectors
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
    /// 0 to 1. For a mistake that was emulated: the share of the probes that the diagnosis explains, times
    /// 1 − (its largest difference / that of the next-best hypothesis). For a behaviour that was seen itself:
    /// 1.
    package var confidence: Double

    package init(
      id: String, number: Int?, title: String, evidence: String, remedy: String, confidence: Double
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

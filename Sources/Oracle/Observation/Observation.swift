/// What the other side answered to one probe.
package enum Observation: Sendable, Equatable {
  case vector([Float])
  /// A vector with components that are not finite: NaN, infinite, or null in JSON. 0: the other side says so,
  /// and sends no vector.
  case notFinite(count: Int)
  /// An error that says something of the request, as a sentence.
  case refused(String)
  /// An error of the other side itself, as a sentence: status 500.
  case failed(String)

  package var vector: [Float]? { if case .vector(let values) = self { values } else { nil } }
}

/// The answers of the other side, by the names of probes. A probe that was not asked is missing.
package typealias Observations = [String: Observation]

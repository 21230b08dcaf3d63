/// A mistake that would make of the reference's numbers what B has, and how much it leaves unexplained.
struct Suspect {
  let kind: TraceFinding.Kind
  let sentence: String
  /// The largest relative error of a row with the mistake assumed.
  let residual: Double
  /// Whether nothing but rounding is left.
  let isWhole: Bool

  /// - Parameter expected: what B would have if it made the mistake.
  init(_ kind: TraceFinding.Kind, _ sentence: String, expected: TraceMatrix, at site: PartingSite) {
    self.init(kind, sentence, residual: expected.distance(to: site.b), at: site)
  }

  init(_ kind: TraceFinding.Kind, _ sentence: String, residual: Double, at site: PartingSite) {
    self.kind = kind
    self.sentence = sentence
    self.residual = residual
    // Four times: a mistake is emulated from numbers that are rounded themselves.
    isWhole = residual <= 4 * site.tolerance && residual <= site.error / 4
  }

  /// What may go wrong, simple things first.
  private static let searches: [any SuspectSearch.Type] = [
    ScaleSuspects.self, OtherTensorSuspects.self, TokenOrderSuspects.self,
    HeadLayoutSuspects.self,
    RotationSuspects.self, NormSuspects.self, AttentionSuspects.self, ActivationSuspects.self,
    ResidualSuspects.self, PoolingSuspects.self, FactorSuspects.self,
  ]

  /// The first that explains all, else the one that leaves least, if that is at most a tenth.
  static func best(at site: PartingSite) throws(SafetensorsError) -> Suspect? {
    var partial: Suspect?
    for search in searches {
      let found = try search.suspects(at: site).filter { !$0.residual.isNaN }.min {
        $0.residual < $1.residual
      }
      guard let found else { continue }
      if found.isWhole { return found }
      if found.residual <= site.error / 10, found.residual < partial?.residual ?? .infinity {
        partial = found
      }
    }
    return partial
  }
}

/// One family of mistakes.
protocol SuspectSearch: SendableMetatype {
  /// What each mistake of the family would explain at a place where traces part; nothing where the family
  /// does not apply.
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect]
}

/// Is a text changed on its way to the tokenizer? Two texts that must differ and do not say so.
enum WhiteSpaceBehaviour {
  private static let pairs: [(behaviour: Behaviour, given: String, changed: String)] = [
    (.whiteSpaceStrippedStart, "  two spaces before", "two spaces before"),
    (.whiteSpaceStrippedEnd, "two spaces after  ", "two spaces after"),
    (.whiteSpaceCollapsed, "many    spaces     between", "many spaces between"),
    (.lineEndsReplaced, "first line\nsecond line", "first line second line"),
    (.carriageReturnsRemoved, "first line\r\nsecond line", "first line\nsecond line"),
    (.lowerCase, "SHOUTED Words And MiXeD Case", "shouted words and mixed case"),
  ]

  static func findings(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    let sees = try await subject.seesBothEnds.seen()
    guard sees.start, sees.end else {
      return pairs.map {
        .notAsked(
          $0.behaviour, "texts that differ at their \(sees.start ? "end" : "start") have the same vector")
      }
    }
    var equal: Set<Behaviour> = []
    for pair in pairs {
      let given = try await subject.vector(pair.given)
      if subject.isSame(given, try await subject.vector(pair.changed)) { equal.insert(pair.behaviour) }
    }
    return findings(equal)
  }

  /// One cause explains several pairs: collapsing strips too.
  private static func findings(_ equal: Set<Behaviour>) -> [BehaviourFinding] {
    var open = equal
    var findings: [BehaviourFinding] = []
    func see(_ behaviour: Behaviour, _ evidence: String) { findings.append(.seen(behaviour, evidence)) }
    if open.isSuperset(of: [.whiteSpaceStrippedStart, .whiteSpaceStrippedEnd]) {
      if open.contains(.whiteSpaceCollapsed) {
        see(
          .whiteSpaceCollapsed, "'many    spaces     between' and 'many spaces between' have the same vector")
        open.subtract([.lineEndsReplaced, .carriageReturnsRemoved])
      } else {
        see(.whiteSpaceStripped, "texts with and without spaces at their ends have the same vector")
      }
      open.subtract([.whiteSpaceStrippedStart, .whiteSpaceStrippedEnd, .whiteSpaceCollapsed])
    }
    for pair in pairs {
      if open.contains(pair.behaviour) {
        see(pair.behaviour, "two texts that differ in nothing else have the same vector")
      } else if !equal.contains(pair.behaviour) {
        findings.append(
          .notSeen(pair.behaviour, "two texts that differ in nothing else have different vectors"))
      }
    }
    return findings
  }
}

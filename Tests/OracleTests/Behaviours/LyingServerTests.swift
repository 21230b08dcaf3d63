import Oracle
import Testing

/// Servers that go wrong in one single way: each is accused of that way alone, and of nothing that was seen
/// once.
@Suite(.serialized)
struct LyingServerTests {
  typealias Kind = ServedBehaviour.Kind

  /// The behavior that a kind of request shows, where the server fails on all of that kind.
  private static let consequences: [(kind: Kind, fate: ServedBehaviour.Fate, expected: Set<Behaviour>)] = [
    (.list, .status(500), [.listsRefused]), (.list, .status(400), [.listsRefused]),
    (.list, .closed, [.listsRefused]),
    (.emptyText, .status(500), [.emptyText]), (.emptyText, .status(400), []),
    (.emptyText, .closed, [.dropsRequests]), (.emptyText, .late, []),
    (.base64, .status(500), [.encodingFormat]), (.base64, .status(400), []),
    (.base64, .closed, [.encodingFormat]), (.base64, .late, [.encodingFormat]),
    (.dimensions, .status(500), []), (.dimensions, .closed, []),
    (.tokenIDs, .status(500), []), (.tokenIDs, .status(400), []), (.tokenIDs, .closed, [.dropsRequests]),
    (.longText, .status(500), [.longInputFails]), (.longText, .status(413), []),
    (.longText, .closed, [.longInputFails]),
    (.brokenJSON, .status(500), [.statusBrokenJSON]), (.brokenJSON, .closed, [.statusBrokenJSON]),
    (.wrongType, .closed, [.statusWrongType]), (.emptyList, .status(503), []),
  ]

  @Test func aKindThatFailsIsAllThatIsNamed() async throws {
    for (kind, fate, expected) in Self.consequences {
      let report = try await Self.report(ServedBehaviour(kind, fate))
      #expect(Set(report.seen) == expected, "\(kind) \(fate): \(report.findings.filter(\.isSeen))")
    }
  }

  /// One accident, between right answers, is no behavior.
  @Test(arguments: Kind.allCases) func whatHappensOnceIsNotNamed(_ kind: Kind) async throws {
    for fate in [ServedBehaviour.Fate.status(500), .closed] {
      let report = try await Self.report(ServedBehaviour(kind, fate, onlyOnce: true))
      #expect(report.seen == [], "\(kind) \(fate): \(report.findings.filter(\.isSeen))")
    }
  }

  private static let forms: [(flaw: ServedBehaviour.Flaw, expected: Set<Behaviour>)] = [
    (.refusesLists, [.listsRefused]), (.refusesSingleTexts, [.singleTextRefused]), (.refusesTokenIDs, []),
    (.isBusyEveryThirdTime, []), (.keyForModelsOnly, []), (.sendsNull, []),
    (
      .errorsHaveStatus200,
      [
        .statusWrongType, .statusMissingInput, .statusBrokenJSON, .statusDimensions, .statusTokenIDs,
        .statusEmptyList,
      ]
    ),
  ]

  @Test func aFormThatIsRefusedIsAllThatIsNamed() async throws {
    for (flaw, expected) in Self.forms {
      let report = try await Self.report(ServedBehaviour(flaw))
      #expect(Set(report.seen) == expected, "\(flaw) \(report.findings.filter(\.isSeen))")
    }
  }

  /// The vectors of such servers are right, and said to be.
  @Test(arguments: [
    ServedBehaviour.Flaw.refusesLists, .refusesSingleTexts, .refusesTokenIDs, .isBusyEveryThirdTime,
    .errorsHaveStatus200, .keyForModelsOnly,
  ])
  func rightVectorsStayRight(_ flaw: ServedBehaviour.Flaw) async throws {
    let verdict = try await RemoteExaminationTests.verdict(ServedBehaviour(flaw))
    #expect(verdict.outcome == .agrees, "\(verdict.diagnoses) \(verdict.missing)")
  }

  /// A probe that is dropped once has its vector at the second attempt; one that is always dropped is
  /// missing.
  @Test func aProbeThatIsDroppedIsAskedAgain() async throws {
    let once = try await RemoteExaminationTests.verdict(ServedBehaviour(.dimensions, .closed, onlyOnce: true))
    #expect(once.outcome == .agrees && once.missing.isEmpty)
    let always = try await RemoteExaminationTests.verdict(ServedBehaviour(.dimensions, .closed))
    #expect(always.outcome == .incomplete)
    #expect(always.missing == ["half-of-the-dimensions", "an-eighth-of-the-dimensions"])
  }

  @Test func anAnswerInAnotherShapeIsNoVerdict() async throws {
    await #expect(
      throws: BackendError.malformed(
        "the answer is not OpenAI's: it needs a list 'data', and is an object with 'result'")
    ) { try await RemoteExaminationTests.verdict(ServedBehaviour(.wrapsAnswers)) }
  }

  private static func report(_ behaviour: ServedBehaviour) async throws -> BehaviourReport {
    try await TestServer.run(behaviour, serving: [.openAI]) { address in
      var settings = BackendSettings(address: address)
      // Only for servers that are late; right answers of others may take their time on a busy machine.
      if case .late? = behaviour.fate?.fate { settings.timeoutSeconds = 4 }
      let backend = try await RemoteBackend.connect(settings)
      let emulator = try Emulator(path: EmulatedEngine.modelPath, threads: 1)
      let subject = BehaviourSubject(
        backend, BehaviourReference(emulator, .reference), longestText: LongInput.defaultLength,
        tolerance: 1e-6)
      return try await BehaviourReport.examine(subject)
    }
  }
}

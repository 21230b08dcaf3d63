import Oracle
import Testing

/// A server with one flaw at a time: the flaw is named, and nothing else.
struct BehaviourTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let behaviour: ServedBehaviour
    let expected: Set<Behaviour>
    var dialects = ServerDialect.allCases

    var testDescription: String { name }
  }

  static func flaw(
    _ flaw: ServedBehaviour.Flaw, _ expected: Behaviour, _ dialects: [ServerDialect] = ServerDialect.allCases
  ) -> Case {
    Case(name: flaw.rawValue, behaviour: ServedBehaviour(flaw), expected: [expected], dialects: dialects)
  }

  static func recipe(
    _ name: String, _ expected: Behaviour, _ dialects: [ServerDialect] = [.openAI],
    _ change: (inout Recipe) -> Void
  ) -> Case {
    Case(name: name, behaviour: ServedBehaviour(change), expected: [expected], dialects: dialects)
  }

  static let cases: [Case] = [
    Case(name: "nothing wrong", behaviour: ServedBehaviour(), expected: []),
    flaw(.alternates, .alternating, [.openAI, .ollama]),
    flaw(.dependsOnBatch, .dependsOnBatch),
    flaw(.dependsOnHistory, .dependsOnHistory, [.openAI, .llamaCpp]),
    flaw(.reversesBatch, .batchOrder),
    flaw(.countsIndicesFromOne, .index, [.openAI, .llamaCpp]),
    flaw(.usageWithoutEnd, .usage, [.openAI, .ollama, .textEmbeddingsInference]),
    flaw(.usageInBytes, .usage, [.openAI]),
    flaw(.usageAlwaysZero, .usage, [.ollama]),
    flaw(.dropsEmptyTexts, .emptyText),
    flaw(.answersEmptyListForEmptyText, .emptyText),
    flaw(.ignoresEncodingFormat, .encodingFormat, [.openAI]),
    flaw(.sendsBigEndian, .base64Wrong, [.openAI]),
    flaw(.acceptsEmptyList, .statusEmptyList, [.openAI, .textEmbeddingsInference, .llamaCpp]),
    flaw(.failsOnWrongType, .statusWrongType),
    flaw(.acceptsMissingInput, .statusMissingInput),
    flaw(.failsOnBrokenJSON, .statusBrokenJSON),
    flaw(.acceptsAnyDimensions, .statusDimensions, [.openAI, .textEmbeddingsInference, .ollama]),
    flaw(.failsOnUnknownTokenIDs, .statusTokenIDs, [.openAI, .textEmbeddingsInference, .llamaCpp]),
    recipe("strips both ends", .whiteSpaceStripped, ServerDialect.allCases) { $0.text = .stripsBothEnds },
    recipe("strips the start", .whiteSpaceStrippedStart) { $0.text = .stripsStart },
    recipe("strips the end", .whiteSpaceStrippedEnd) { $0.text = .stripsEnd },
    recipe("collapses", .whiteSpaceCollapsed) { $0.text = .collapses },
    recipe("line ends become spaces", .lineEndsReplaced) { $0.text = .lineEndsBecomeSpaces },
    recipe("carriage returns go", .carriageReturnsRemoved) { $0.text = .carriageReturnsGo },
    recipe("lower case", .lowerCase) { $0.text = .lowercases },
    recipe("ids without end", .tokenIDsWithoutEnd, [.openAI, .textEmbeddingsInference, .llamaCpp]) {
      $0.tokenInput = .withoutEnd
    },
    recipe("ids tokenized again", .tokenIDsRetokenized, [.openAI, .llamaCpp]) {
      $0.tokenInput = .retokenized
    },
    Case(
      name: "status 500 above 512 tokens", behaviour: ServedBehaviour(failsAbove: 512, status: 500),
      expected: [.longInputFails]),
    Case(
      name: "status 413 above 512 tokens", behaviour: ServedBehaviour(failsAbove: 512, status: 413),
      expected: []),
  ]

  @Test(arguments: cases)
  func eachFlawIsNamedAndNothingElse(_ example: Case) async throws {
    for dialect in example.dialects {
      let report = try await Self.report(example.behaviour, dialect)
      #expect(Set(report.seen) == example.expected, "\(dialect) \(report.findings)")
    }
  }

  static func report(
    _ behaviour: ServedBehaviour, _ dialect: ServerDialect, longestText: Int = LongInput.defaultLength
  ) async throws -> BehaviourReport {
    try await TestServer.run(behaviour) { address in
      var settings = BackendSettings(address: address)
      settings.dialect = dialect
      let backend = try await RemoteBackend.connect(settings)
      let emulator = try Emulator(path: EmulatedEngine.modelPath, threads: 1)
      let subject = BehaviourSubject(
        backend, BehaviourReference(emulator, .reference), longestText: longestText, tolerance: 1e-6)
      return try await BehaviourReport.examine(subject)
    }
  }
}

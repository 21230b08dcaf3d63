import Oracle
import Testing

/// A server from its address to the verdict. One at a time: an emulation takes a thread of those that the
/// servers of these tests run on.
@Suite(.serialized)
struct RemoteExaminationTests {
  static func verdict(
    _ behaviour: ServedBehaviour, _ dialect: ServerDialect = .openAI,
    searchTime: Duration = Examination.searchTime
  ) async throws -> Verdict {
    try await TestServer.run(behaviour, serving: [dialect]) { address in
      let backend = try await RemoteBackendTests.connect(address)
      let emulator = try Emulator(path: EmulatedEngine.modelPath, threads: 1)
      let probes = ProbeSet.probes(
        contextLength: emulator.configuration.contextLength, hiddenSize: emulator.configuration.hiddenSize,
        includesLong: false, count: emulator.tokenCount)
      return try await RemoteExamination(backend, emulator, probes, searchTime: searchTime)
        .verdict(longestText: LongInput.defaultLength)
    }
  }

  @Test(arguments: ServerDialect.allCases)
  func aCorrectServerIsAccusedOfNothing(_ dialect: ServerDialect) async throws {
    let verdict = try await Self.verdict(ServedBehaviour(), dialect)
    #expect(verdict.outcome == .agrees, "\(verdict.diagnoses) \(verdict.notes)")
    #expect(verdict.precision == "float32")
    // What was looked for and not seen is listed.
    #expect(verdict.rejected.contains { $0.id == Behaviour.dependsOnBatch.rawValue })
  }

  @Test(arguments: [
    (ServedBehaviour.Flaw.ignoresDimensions, ["dimensions-ignored"]),
    (.doesNotNormalize, ["vector-not-normalised"]), (.doesNotNormalizeSlices, ["slice-not-normalised"]),
    (.sendsNull, ["not-finite"]), (.sendsNaNForLongTexts, ["not-finite"]),
    (.dependsOnHistory, ["depends-on-history"]),
    (.alternates, ["alternating-results"]),
    (.reversesBatch, ["batch-order-wrong"]),
  ])
  func flawsOfTheVectorsAreNamedOnce(_ flaw: ServedBehaviour.Flaw, _ ids: [String]) async throws {
    let verdict = try await Self.verdict(ServedBehaviour(flaw))
    #expect(verdict.outcome == .diagnosed)
    #expect(verdict.diagnoses.map(\.id) == ids, "\(verdict.diagnoses)")
  }

  /// A service that cannot write NaN, and says so: no vector comes, and the reason is known all the same.
  @Test func aServerThatFailsOnNaNIsUnderstood() async throws {
    let verdict = try await Self.verdict(ServedBehaviour(.failsOnNaN))
    let diagnosis = try #require(verdict.diagnoses.first { $0.id == "not-finite" })
    #expect(diagnosis.title == "vectors hold NaN or infinity")
    #expect(verdict.diagnoses.map(\.id) == ["not-finite"])
    #expect(verdict.deviations.map(\.id) == ["long-input-fails"])
    #expect(verdict.precision == "float32")
  }

  /// Found by emulation and by comparison, and said once; the token counts are those of such a server.
  @Test func mistakesOfTheModelAndOfTheServiceTogether() async throws {
    var behaviour = ServedBehaviour(.acceptsEmptyList)
    behaviour.recipe.text = .stripsBothEnds
    behaviour.recipe.ending = .missing
    let verdict = try await Self.verdict(behaviour)
    #expect(verdict.deviations.map(\.id) == ["status-empty-list"])
    #expect(verdict.diagnoses.contains { $0.id == "white-space-stripped" })
    #expect(verdict.diagnoses.count { $0.id == "white-space-stripped" } == 1)
  }

  /// Vectors with fewer components may be cut, or another model's: nothing explains the second, and that is
  /// said.
  @Test func asksForTheRightFileWhereAnotherModelAnswers() async throws {
    let other = EmulatedEngine.modelPath.replacing("f32.gguf", with: "q8_0.gguf")
    try await TestServer.run { address in
      let backend = try await RemoteBackendTests.connect(address)
      let emulator = try Emulator(path: other, threads: 1)
      let probes = ProbeSet.probes(
        contextLength: 8192, hiddenSize: 160, includesLong: false, count: emulator.tokenCount)
      let verdict = try await RemoteExamination(backend, emulator, probes)
        .verdict(behaviour: false, longestText: 552)
      #expect(verdict.outcome == .unknown)
      #expect(
        verdict.notes.contains(
          "the vectors have 64 components and the model's 160: they are compared with the first 64 of the reference; is it "
            + "the same model? Name the right file with --model"))
    }
  }

  @Test func refusesVectorsOfALargerModel() async throws {
    await #expect(
      throws: OracleError.input(
        "the other side: the vector of 'plain-sentence' has 160 components, and this file's model has 64: it is another "
          + "model; name the right file with --model")
    ) {
      let interrogation = Interrogation(FixedBackend(count: 160), hiddenSize: 64) { _ in [] }
      _ = try await interrogation.observations([
        Probe(name: "plain-sentence", kind: .plain, content: .document("a"))
      ])
    }
  }

  /// A right server with deviations of its API is right.
  @Test func deviationsDoNotMakeVectorsWrong() async throws {
    var behaviour = ServedBehaviour(.usageAlwaysZero)
    behaviour.flaws.insert(.failsOnWrongType)
    let verdict = try await Self.verdict(behaviour)
    #expect(verdict.outcome == .agrees && verdict.diagnoses.isEmpty)
    #expect(Set(verdict.deviations.map(\.id)) == ["usage-wrong", "status-wrong-type"])
    #expect(verdict.deviations.allSatisfy { $0.confidence == nil })
    #expect(VerdictText(verdict).text.hasPrefix("right: all \(verdict.probes.count) vectors"))
    #expect(JUnitReport(verdict, subject: "s").xml.contains("failures=\"0\" errors=\"0\" skipped=\"2\""))
    #expect(JUnitReport(verdict, subject: "s", isStrict: true).xml.contains("failures=\"2\""))
  }

  /// A server whose vectors are garbage is never summed up by the mistakes of its API.
  @Test func garbageStaysUnexplainedWhateverElseIsNamed() async throws {
    var behaviour = ServedBehaviour(.usageAlwaysZero)
    behaviour.flaws.insert(.sendsGarbage)
    let verdict = try await Self.verdict(behaviour, searchTime: .zero)
    #expect(verdict.outcome == .unknown, "\(verdict.diagnoses)")
    #expect(verdict.deviations.map(\.id) == ["usage-wrong"])
    #expect(VerdictText(verdict).text.hasPrefix("wrong, and not explained: \(verdict.probes.count) of "))
  }
}

/// A backend whose vectors have so many components.
private struct FixedBackend: Backend {
  let count: Int
  let takesTokenIDs = false
  let takesDimensions = false

  func embed(_ inputs: [BackendInput], dimensions: Int?) -> BackendAnswer {
    BackendAnswer(
      vectors: inputs.map { _ in .vector([Float](repeating: 1, count: count)) }, tokenCount: nil)
  }
}

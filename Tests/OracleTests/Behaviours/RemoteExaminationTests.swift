import Oracle
import Testing

/// A server from its address to the verdict. One at a time: an emulation takes a thread of those that the
/// servers of these tests run on.
@Suite(.serialized)
struct RemoteExaminationTests {
  static func verdict(_ behaviour: ServedBehaviour, _ dialect: ServerDialect = .openAI) async throws
    -> Verdict
  {
    try await TestServer.run(behaviour, serving: [dialect]) { address in
      let backend = try await RemoteBackendTests.connect(address)
      let emulator = try Emulator(path: EmulatedEngine.modelPath, threads: 1)
      let probes = ProbeSet.probes(
        contextLength: emulator.configuration.contextLength, hiddenSize: emulator.configuration.hiddenSize,
        includesLong: false, count: emulator.tokenCount)
      return try await RemoteExamination(backend, emulator, probes)
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
    #expect(Set(verdict.diagnoses.map(\.id)) == ["not-finite", "long-input-fails"])
    #expect(verdict.precision == "float32")
  }

  /// Found by emulation and by comparison, and said once; the token counts are those of such a server.
  @Test func mistakesOfTheModelAndOfTheServiceTogether() async throws {
    var behaviour = ServedBehaviour(.acceptsEmptyList)
    behaviour.recipe.text = .stripsBothEnds
    behaviour.recipe.ending = .missing
    let verdict = try await Self.verdict(behaviour)
    #expect(Set(verdict.diagnoses.map(\.id)).isSuperset(of: ["white-space-stripped", "status-empty-list"]))
    #expect(verdict.diagnoses.count { $0.id == "white-space-stripped" } == 1)
    #expect(!verdict.diagnoses.contains { $0.id == "usage-wrong" })
  }

  @Test func anotherModelIsSaid() async throws {
    let other = EmulatedEngine.modelPath.replacing("f32.gguf", with: "q8_0.gguf")
    await #expect(
      throws: OracleError.input(
        "the other side's vectors have 64 components, and this file's 160: it is another model, or it cuts vectors; "
          + "name the right file with --model")
    ) {
      try await TestServer.run { address in
        let backend = try await RemoteBackendTests.connect(address)
        let emulator = try Emulator(path: other, threads: 1)
        let probes = ProbeSet.probes(
          contextLength: 8192, hiddenSize: 160, includesLong: false, count: emulator.tokenCount)
        _ = try await RemoteExamination(backend, emulator, probes).verdict(longestText: 552)
      }
    }
  }
}

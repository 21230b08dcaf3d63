import Oracle
import Testing

/// Half precision as transformers computes it (`tools/make_mistakes.py`), and the names of classes of
/// rounding.
struct CheckPrecisionTests {
  private static func verdict(_ file: String, _ model: String) throws -> Verdict {
    let item = try #require(try MistakenVectors.read(file).first)
    let emulator = try Emulator.test("models/\(model).gguf")
    return try Examination(emulator, emulator.probes(), item.observations).verdict()
  }

  @Test func halfPrecisionIsNotAccused() throws {
    let verdict = try Self.verdict("f32-half", "f32")
    #expect(verdict.outcome == .agrees)
    #expect(verdict.precisions == [.half])
    #expect(
      VerdictText(verdict).text.contains("the reference's within half-precision rounding (1 − cos < 1e-"))
  }

  /// The residual stream exceeds 65504 in some texts. The others are right, and said to be.
  @Test func anOverflowInSomeTextsIsNamed() throws {
    let verdict = try Self.verdict("large-residual", "large-residual")
    #expect(verdict.diagnoses.map(\.id) == ["not-finite"])
    let diagnosis = try #require(verdict.diagnoses.first)
    #expect(diagnosis.title == "vectors hold NaN or infinity: half precision overflows")
    #expect(diagnosis.evidence.hasPrefix("5 of 24 vectors are not finite: "))
    #expect(diagnosis.evidence.contains("the reference overflows too, on 4 of 4 that were tried"))
    #expect(verdict.precisions == [.half])
    #expect(verdict.probes.count == 19 && verdict.probes.allSatisfy(\.isExplained))
  }

  /// What the same backend looks like behind a service whose JSON encoder fails on NaN, without saying why.
  @Test func failuresWhereHalfPrecisionOverflowsAreNamed() throws {
    var observations = try #require(try MistakenVectors.read("large-residual").first).observations
    for (name, observation) in observations where observation.vector == nil {
      observations[name] = .failed("status 500: the server failed")
    }
    let emulator = try Emulator.test("models/large-residual.gguf")
    let verdict = try Examination(emulator, emulator.probes(), observations).verdict()
    #expect(verdict.diagnoses.map(\.id) == ["not-finite"])
    #expect(verdict.diagnoses.first?.title == "half precision overflows, and the other side fails")
    #expect(verdict.notes.contains { $0.hasSuffix("has no vector: status 500: the server failed") })

    // Who fails for another reason is not accused: this model does not overflow.
    let small = try Emulator.test("models/f32.gguf")
    var answers = try small.answers(small.probes())
    answers["plain-paragraph"] = .failed("status 500: the server failed")
    let other = try Examination(small, small.probes(), answers).verdict()
    #expect(other.outcome == .agrees && other.diagnoses == [])
    // Nor who computes in float32 what half precision cannot, and fails on one of these texts.
    let exact = try emulator.answers(emulator.probes()).filter { observations[$0.key]?.vector == nil }
    for broken in exact.keys {
      var answers = exact
      answers[broken] = .failed("status 500: the server failed")
      let another = try Examination(emulator, emulator.probes(), answers).verdict()
      #expect(another.diagnoses == [], "\(broken)")
    }
  }

  @Test func noFiniteVectorAtAllIsNamed() throws {
    let emulator = try Emulator.test("models/large-residual.gguf")
    let observations = emulator.probes().reduce(into: Observations()) {
      $0[$1.name] = .notFinite(count: emulator.configuration.hiddenSize)
    }
    let verdict = try Examination(emulator, emulator.probes(), observations).verdict()
    #expect(verdict.outcome == .diagnosed && verdict.diagnoses.map(\.id) == ["not-finite"])
  }

  /// NaN where half precision has room: something else is wrong, and no half precision is blamed.
  @Test func otherNaNIsNotBlamedOnHalfPrecision() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    var answers = try emulator.answers(emulator.probes())
    answers["empty"] = .notFinite(count: 64)
    let verdict = try Examination(emulator, emulator.probes(), answers).verdict()
    #expect(verdict.diagnoses.map(\.id) == ["not-finite"])
    #expect(verdict.diagnoses.first?.title == "vectors hold NaN or infinity")
    #expect(verdict.diagnoses.first?.evidence.contains("stays finite on 'empty'") ?? false)
  }

  /// The class is told by the direction in which vectors are moved, where sizes are alike: in these files
  /// bfloat16 and 8-bit activations round about as much.
  @Test(
    arguments: ["models/q5_1.gguf", "models/q4_k_m.gguf", "models/q8_0.gguf", "models/q4_0.gguf"],
    [TransformerRule.Rounding.bfloat16, .eightBit])
  func theClassIsToldByDirection(_ model: String, _ rounding: TransformerRule.Rounding) throws {
    let emulator = try Emulator.test(model)
    let answers = try emulator.answers(emulator.probes()) { $0.transformer.rounding = rounding }
    let verdict = try Examination(emulator, emulator.probes(), answers).verdict()
    #expect(verdict.precisions == [rounding == .bfloat16 ? .bfloat16 : .eightBit])
  }
}

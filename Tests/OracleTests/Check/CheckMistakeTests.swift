import Oracle
import Testing
import Touchstone

struct CheckMistakeTests {
  /// Somebody else's implementation makes the mistake, and exactly that is named. One emulator for all, since
  /// they share nearly all states.
  @Test func everyMistakeIsNamed() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    for item in MistakenVectors.cases where item.mistakes != [MistakenVectors.correct] {
      let verdict = try Examination(emulator, probes, item.observations).verdict()
      let name = Comment(rawValue: item.mistakes.joined(separator: " + "))
      #expect(Set(verdict.diagnoses.map(\.id)) == Set(item.mistakes), name)
      #expect(verdict.outcome == .diagnosed, name)
      for diagnosis in verdict.diagnoses { #expect((0.9...1).contains(diagnosis.confidence ?? 1), name) }
      // A repetition that differs is the evidence itself.
      let unexplained = verdict.probes.filter { !$0.isExplained && $0.kind != "repetition" }
      #expect(unexplained.map(\.name) == [], name)
      #expect(Set(verdict.rejected.map(\.id)).isDisjoint(with: item.mistakes), name)
    }
  }

  @Test func rightVectorsAgree() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let right = try #require(MistakenVectors.cases.first { $0.mistakes == [MistakenVectors.correct] })
    let verdict = try Examination(emulator, emulator.probes(), right.observations).verdict()
    #expect(verdict.outcome == .agrees)
    #expect(verdict.precision == "float32")
    #expect(verdict.diagnoses == [])
  }

  /// Every emulated mistake is in the committed vectors, but for the splits that this small vocabulary cannot
  /// show, and the one that needs a fine-tune.
  @Test func allAreCovered() {
    let covered = Set(MistakenVectors.cases.flatMap(\.mistakes))
    let missing = Set(Mistake.all.map(\.id)).subtracting(covered)
    #expect(
      missing == [
        "split-three-digits", "split-marks", "split-case-sensitive", "split-llama-default", "pooling-last",
      ])
  }

  /// Rounding is no mistake.
  @Test(
    arguments: ["models/f32.gguf", "models/q5_1.gguf", "models/q4_k_m.gguf", "models/q8_0.gguf"],
    [TransformerRule.Rounding.bfloat16, .half, .eightBit])
  func correctEnginesAreNotAccused(_ model: String, _ rounding: TransformerRule.Rounding) throws {
    let emulator = try Emulator.test(model)
    let probes = emulator.probes()
    let answers = try emulator.answers(probes) { $0.transformer.rounding = rounding }
    let verdict = try Examination(emulator, probes, answers).verdict()
    #expect(verdict.outcome == .agrees)
    #expect(verdict.diagnoses == [])
  }

  /// This engine's own default is between float32 and half.
  @Test(
    arguments: [
      "models/f32.gguf", "models/q4_k_m.gguf", "models/q8_0.gguf", "models/q2_k.gguf", "models/iq4_xs.gguf",
      "demo/demo-q4_k_m.gguf",
      // Not as Qwen3-Embedding is, and right as their files say.
      "models/non-causal.gguf", "models/rope-linear.gguf",
    ], [ActivationPrecision.f32, .i16, .i8])
  func thisEngineIsNotAccused(_ name: String, _ activations: ActivationPrecision) throws {
    let emulator = try Emulator.test(name)
    let model = try EmbeddingModel(path: MistakenVectors.path(name), threads: 1)
    var options = EmbeddingOptions()
    options.activations = activations
    var observations: Observations = [:]
    for probe in emulator.probes() where probe.kind != .length {
      let input: EmbeddingInput
      switch probe.content {
      case .document(let text): input = EmbeddingInput(text, as: .document)
      case .query(let text, let task): input = EmbeddingInput(text, as: .query(task: task))
      default: continue
      }
      options.dimensions = probe.dimensions
      observations[probe.name] = .vector(try model.embed([input], options: options)[0].values)
    }
    let verdict = try Examination(emulator, emulator.probes(), observations).verdict()
    #expect(verdict.outcome == .agrees, "\(verdict.diagnoses) \(verdict.notes)")
    let fine = ["float32", "16-bit activations"]
    #expect(activations == .i8 || fine.contains(verdict.precision ?? ""))
    if activations == .f32 { #expect(verdict.precision == "float32") }
  }

  @Test func whatNobodyDoesIsUnknown() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    // The square of each component, with its sign: no mistake that anybody is known to make.
    let answers = try emulator.answers(probes).mapValues { answer in
      guard let vector = answer.vector else { return answer }
      let squares = vector.map { $0 * $0.magnitude }
      let length = squares.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return .vector(squares.map { $0 / length })
    }
    let verdict = try Examination(emulator, probes, answers).verdict()
    #expect(verdict.outcome == .unknown)
    #expect(verdict.diagnoses == [])
    #expect(verdict.precision == nil)
    #expect(verdict.notes.joined().contains("touchstone trace"))
    #expect(!verdict.rejected.isEmpty)
  }

  @Test func anotherFileIsRecognised() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let other = try Emulator.test("models/q5_1.gguf")
    let probes = emulator.probes()
    let answers = try other.answers(probes)
    let alone = try Examination(emulator, probes, answers).verdict()
    #expect(alone.outcome == .unknown)
    let together = try Examination(emulator, probes, answers).verdict(others: [other])
    #expect(together.diagnoses.map(\.id) == ["different-weights"])
    // A mistake besides does not hide them.
    let wrong = try other.answers(probes) { $0.tokens.normalizes = false }
    let both = try Examination(emulator, probes, wrong).verdict(others: [other])
    #expect(both.diagnoses.map(\.id) == ["different-weights", "no-nfc"])
  }

  /// A cut at a place that no list has: found from the state itself.
  @Test func anOddLimitIsFound() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    var answers = try emulator.answers(probes)
    let long = try #require(probes.first { $0.kind == .length })
    var recipe = Recipe.reference
    recipe.limit = TokenLimit(count: 300, cut: .dropsEnd)
    answers[long.name] = .vector(try #require(try emulator.vector(of: long, recipe)))
    let verdict = try Examination(emulator, probes, answers).verdict()
    let diagnosis = try #require(verdict.diagnoses.first { $0.id == "truncation-drops-end" })
    #expect(diagnosis.title.contains("300 tokens"))
  }

  /// A fine-tune that was trained with the mean is no mistake; an engine that takes its last token is.
  @Test func theFileSaysHowAFineTuneIsPooled() throws {
    let emulator = try Emulator.test("models/pooling-mean.gguf")
    let probes = emulator.probes().filter { $0.kind != .length }
    let right = try Examination(emulator, probes, emulator.answers(probes), searchTime: .zero).verdict()
    #expect(right.outcome == .agrees)
    let model = try EmbeddingModel(path: MistakenVectors.path("models/pooling-mean.gguf"), threads: 1)
    let probe = try #require(probes.first { $0.kind == .plain && $0.sentText != nil })
    var options = EmbeddingOptions()
    options.activations = .f32
    let own = try model.embed([EmbeddingInput(probe.sentText ?? "")], options: options)[0].values
    #expect(cosineDistance(try #require(try emulator.vector(of: probe, .reference)), own) < 1e-8)
    let wrong = try Examination(
      emulator, probes, emulator.answers(probes) { $0.pooling.position = .lastToken }, searchTime: .zero
    ).verdict()
    #expect(wrong.diagnoses.map(\.id) == ["pooling-last"])
  }

  /// Single mistakes are named however little time there is; combinations are not, and the verdict says so.
  @Test func timeBoundsTheSearchForCombinations() throws {
    let emulator = try Emulator.test("models/f32.gguf")
    let probes = emulator.probes()
    func verdict(_ time: Duration, _ change: (inout Recipe) -> Void) throws -> Verdict {
      try Examination(emulator, probes, emulator.answers(probes, change), searchTime: time).verdict()
    }
    #expect(try verdict(.zero) { $0.pooling.position = .mean }.diagnoses.map(\.id) == ["pooling-mean"])
    func twoMistakes(_ recipe: inout Recipe) {
      recipe.pooling.position = .mean
      recipe.transformer.isCausal = false
    }
    let hasty = try verdict(.zero, twoMistakes)
    #expect(hasty.outcome != .agrees && hasty.diagnoses.count < 2)
    #expect(hasty.notes.joined().contains("tried for 0 seconds"))
    let patient = try verdict(Examination.searchTime, twoMistakes)
    #expect(Set(patient.diagnoses.map(\.id)) == ["pooling-mean", "no-causal-mask"])
    #expect(!patient.notes.joined().contains("combinations"))
  }
}

import Touchstone

/// How far a file's answers are from those that were published of the model that it seems to be.
package struct Verification: Sendable {
  package enum Outcome: String, Sendable {
    /// All figures are within what the file's quantization allows.
    case within
    case outside
    /// The file is not an official model, or has an official model's shape and other weights.
    case notOfficial
    /// Nothing was published that could be compared.
    case notChecked
  }

  /// One comparison. It names no text.
  package struct Figure: Sendable, Equatable {
    package let name: String
    /// nil where the two cannot be compared at all, as vectors of different length.
    package let measured: Double?
    package let allowed: Double
    /// Where the published figure is from.
    package let source: String

    package var isWithin: Bool { measured.map { $0 <= allowed } ?? false }
  }

  package let outcome: Outcome
  /// What the outcome means, for a person.
  package let sentence: String
  package let model: OfficialModel?
  package let figures: [Figure]
  package let inspection: ModelInspection
  package let activations: ActivationPrecision
}

extension Verification {
  /// Looks what a file is, and compares: token ids first, which cost nothing, then what needs the weights.
  ///
  /// - Parameters:
  ///   - official: the model that the file is taken for. nil: the one whose shape it has.
  ///   - answers: what to compare with.
  package init(
    path: String, as official: OfficialModel? = nil, answers: KnownAnswers = .published,
    activations: ActivationPrecision = .i16, threads: Int? = nil
  ) throws {
    let inspection = try ModelInspection(path: path)
    guard let model = official ?? OfficialModel.of(inspection) else {
      self.init(
        .notOfficial, Self.noOfficialModel(inspection), nil, [], inspection, activations)
      return
    }
    let isNamed = official != nil || model.isName(of: inspection)
    guard let error = QuantizationError(of: inspection, activations: activations) else {
      self.init(
        .notChecked, "the file has weights that this engine cannot compute; convert it", model, [],
        inspection,
        activations)
      return
    }
    var comparison = Comparison(answers: answers, error: error, activations: activations)
    let loaded = try AnyModel(path: path, threads: threads)
    comparison.compareTokens(loaded.tokenizer)
    if comparison.figures.allSatisfy(\.isWithin) {
      switch loaded {
      case .embedding(let engine): try comparison.compare(engine, model)
      case .reranker(let engine): try comparison.compare(engine, model)
      }
      guard comparison.hasPublishedFigures else {
        self.init(
          .notChecked,
          "no vectors, similarities or scores of \(model.rawValue) were published that could be compared",
          model, comparison.figures, inspection, activations)
        return
      }
    }
    let isWithin = comparison.figures.allSatisfy(\.isWithin)
    let outcome: Outcome = isWithin ? .within : isNamed ? .outside : .notOfficial
    self.init(outcome, Self.sentence(outcome, model), model, comparison.figures, inspection, activations)
  }

  private init(
    _ outcome: Outcome, _ sentence: String, _ model: OfficialModel?, _ figures: [Figure],
    _ inspection: ModelInspection, _ activations: ActivationPrecision
  ) {
    self.outcome = outcome
    self.sentence = sentence
    self.model = model
    self.figures = figures
    self.inspection = inspection
    self.activations = activations
  }

  private static func sentence(_ outcome: Outcome, _ model: OfficialModel) -> String {
    switch outcome {
    case .within, .notChecked:
      "the answers match those published of \(model.rawValue), within the tolerance of the file's quantization"
    case .outside:
      "the answers are not those that were published of \(model.rawValue): the file does not have its weights, or this program is wrong; please report it, with --report"
    case .notOfficial:
      "the file has the shape of \(model.rawValue) and not its weights: these are not the official weights"
    }
  }

  private static func noOfficialModel(_ inspection: ModelInspection) -> String {
    switch inspection.kind {
    case .vocabulary: "the file has a vocabulary and no weights: there is nothing to verify"
    case .companion, .other: "the file is no Qwen3 model: nothing is known of its answers"
    case .embedding, .reranker:
      "the file has the shape of no official Qwen3-Embedding or Qwen3-Reranker: nothing is known of its answers"
    }
  }
}

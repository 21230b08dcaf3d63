import Touchstone

/// Collects the figures of a verification.
struct Comparison {
  let answers: KnownAnswers
  let error: QuantizationError
  let activations: ActivationPrecision
  private(set) var figures: [Verification.Figure] = []
  /// Whether there is anything beside token ids.
  private(set) var hasPublishedFigures = false

  init(answers: KnownAnswers, error: QuantizationError, activations: ActivationPrecision) {
    self.answers = answers
    self.error = error
    self.activations = activations
  }

  /// How many of the published texts have other ids.
  mutating func compareTokens(_ tokenizer: TextTokenizer) {
    guard !answers.tokenIDs.isEmpty else { return }
    let wrong = answers.tokenIDs.filter { tokenizer.tokenIDs(of: $0.text) != $0.ids }.count
    figures.append(
      Verification.Figure(
        name: "texts with other token ids, of \(answers.tokenIDs.count)", measured: Double(wrong), allowed: 0,
        source: "vocabulary of Qwen3"))
  }

  mutating func compare(_ engine: EmbeddingModel, _ model: OfficialModel) throws(TouchstoneError) {
    var options = EmbeddingOptions()
    options.activations = activations
    for (number, known) in answers.vectors.filter({ $0.model == model.rawValue }).enumerated() {
      let role: EmbeddingRole = known.instruction.map { .query(task: $0) } ?? .document
      let vector = try engine.embed([EmbeddingInput(known.text, as: role)], options: options)[0].values
      add(
        known.isWhole
          ? "1 - cos of vector \(number + 1)"
          : "1 - cos of vector \(number + 1), estimated from \(known.components.count) components",
        known.isWhole
          ? oneMinusCosine(vector, known.components) : estimatedDistance(vector, first: known.components),
        allowed: known.isWhole ? error.distance : error.estimatedDistance, known.source)
    }
    for known in answers.similarities where known.model == model.rawValue {
      let queries = try engine.embed(
        answers.queries.map { EmbeddingInput($0, as: .query(task: answers.instruction)) }, options: options)
      let documents = try engine.embed(answers.documents.map { EmbeddingInput($0) }, options: options)
      let differences = zip(queries, known.matrix).flatMap { query, row in
        zip(documents, row).map { abs(1 - oneMinusCosine(query.values, $0.values) - $1) }
      }
      add(
        "largest difference of a similarity", differences.max(), allowed: error.similarity, known.source)
    }
  }

  mutating func compare(_ engine: RerankModel, _ model: OfficialModel) throws(TouchstoneError) {
    var options = RerankOptions()
    options.activations = activations
    for known in answers.rerankScores where known.model == model.rawValue {
      let scores = try engine.rerank(query: known.query, documents: known.documents, options: options)
      let differences = zip(scores, known.scores).map { abs($0.score - $1) }
      add("largest difference of a score", differences.max(), allowed: error.score, known.source)
    }
  }

  private mutating func add(_ name: String, _ measured: Double?, allowed: Double, _ source: String) {
    hasPublishedFigures = true
    figures.append(
      Verification.Figure(name: name, measured: measured, allowed: allowed, source: source))
  }
}

/// 1 − cosine in float64, of vectors of any length; 2 where they cannot be compared.
func oneMinusCosine(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return 2 }
  var (dot, squareA, squareB) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    dot += Double(x) * Double(y)
    squareA += Double(x) * Double(x)
    squareB += Double(y) * Double(y)
  }
  guard squareA > 0, squareB > 0 else { return 2 }
  return 1 - dot / (squareA * squareB).squareRoot()
}

/// 1 − cosine of two vectors of length 1, as their first components suggest: half of the square of their
/// distance, if the others differ as much.
func estimatedDistance(_ vector: [Float], first components: [Float]) -> Double {
  let square = zip(vector, components).reduce(0.0) {
    $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
  }
  return square / 2 * Double(vector.count) / Double(max(1, components.count))
}

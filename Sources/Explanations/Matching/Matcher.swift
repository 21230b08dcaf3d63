import Qwen3
import Touchstone

/// Leaves out one unit after the other and runs the model on what is left.
package struct Matcher: Sendable {
  let passes: any ExplainedPasses
  let request: ExplanationRequest

  /// The measure of every variant is exactly that of the shortened text by itself.
  func explanation() async throws -> MatchExplanation {
    switch passes.model {
    case .embedding(let model): try await EmbeddingMatcher(passes, request, model).explanation()
    case .reranker(let model): try await RerankMatcher(passes, request, model).explanation()
    }
  }
}

/// A text, its units, and the text without each of them.
struct ShortenedTexts {
  let text: String
  let words: [Range<Int>]
  let sentences: [Range<Int>]
  let wordsTogether: Int

  /// - Parameter limit: the most units of each size.
  init(_ text: String, limit: Int) {
    self.text = text
    let all = TextUnits.words(of: text)
    let units = TextUnits.joined(all, atMost: limit)
    words = units.count > 1 ? units : []
    wordsTogether = units.isEmpty ? 1 : max(1, (all.count + units.count - 1) / units.count)
    let sentences = TextUnits.joined(TextUnits.sentences(of: text), atMost: limit)
    self.sentences = sentences.count > 1 && sentences != words ? sentences : []
  }

  /// First without each word, then without each sentence.
  var variants: [String] { (words + sentences).map { TextUnits.text(text, without: $0) } }

  /// - Parameter values: the measure of each variant.
  func units(whole: Double, _ values: [Double]) -> MatchExplanation.Units {
    let bytes = Array(text.utf8)
    let units = zip(words + sentences, values).map { range, without in
      MatchExplanation.Unit(
        bytes: range, text: String(decoding: bytes[range], as: UTF8.self), without: without,
        effect: whole - without)
    }
    return MatchExplanation.Units(
      words: Array(units.prefix(words.count)), sentences: Array(units.dropFirst(words.count)),
      wordsTogether: wordsTogether)
  }
}

/// How much an explanation has run.
private struct Work {
  var passes = 0
  var tokens = 0

  mutating func add(_ ids: [[Int32]]) {
    passes += ids.count
    tokens += ids.reduce(0) { $0 + $1.count }
  }
}

/// Cosines of vectors: each text and each variant has one, whatever it is compared with.
private struct EmbeddingMatcher {
  let passes: any ExplainedPasses
  let request: ExplanationRequest
  let model: EmbeddingModel
  let plan: EmbeddingPlan

  init(_ passes: any ExplainedPasses, _ request: ExplanationRequest, _ model: EmbeddingModel) throws {
    self.passes = passes
    self.request = request
    self.model = model
    plan = try EmbeddingPlan(request.embeddingOptions, model.configuration)
  }

  private struct Side {
    let texts: ShortenedTexts
    let tokenCount: Int
    let whole: [Float]
    let variants: [[Float]]
  }

  func explanation() async throws -> MatchExplanation {
    var work = Work()
    let query = try await side(request.text, request.role, index: 0, &work)
    var documents: [MatchExplanation.Document] = []
    for (index, text) in request.documents.enumerated() {
      let document = try await side(text, .document, index: index + 1, &work)
      let value = cosine(query.whole, document.whole)
      documents.append(
        MatchExplanation.Document(
          text: text, tokenCount: document.tokenCount, value: value, probability: nil,
          ofDocument: document.texts.units(
            whole: value, document.variants.map { cosine(query.whole, $0) }),
          ofQuery: query.texts.units(whole: value, query.variants.map { cosine($0, document.whole) })))
    }
    return MatchExplanation(
      measure: .cosine, query: request.text, documents: documents, passCount: work.passes,
      tokenCount: work.tokens)
  }

  /// The vectors of a text and of all that is left when a unit is missing.
  private func side(
    _ text: String, _ role: EmbeddingRole, index: Int, _ work: inout Work
  ) async throws -> Side {
    var instructions = InstructionTokens()
    func ids(_ text: String) throws -> [Int32] {
      try plan.prepare(
        EmbeddingInput(text, as: role), index: index, tokenizer: model.tokenizer, instructions: &instructions
      ).sequence.ids
    }
    let whole = try ids(text)
    let texts = ShortenedTexts(text, limit: request.unitLimit(tokenCount: whole.count))
    let variants = try texts.variants.map(ids)
    work.add([whole] + variants)
    let states = try await passes.states(
      of: [whole] + variants, sharing: whole, pooling: plan.pooling, activations: request.activations)
    let vectors = states.map(plan.vector(of:))
    guard vectors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw TouchstoneError.notFinite(index: index)
    }
    return Side(
      texts: texts, tokenCount: whole.count, whole: vectors[0], variants: Array(vectors.dropFirst()))
  }
}

/// A reranker's logits: each variant is a prompt of its own.
private struct RerankMatcher {
  let passes: any ExplainedPasses
  let request: ExplanationRequest
  let model: RerankModel

  init(_ passes: any ExplainedPasses, _ request: ExplanationRequest, _ model: RerankModel) {
    self.passes = passes
    self.request = request
    self.model = model
  }

  func explanation() async throws -> MatchExplanation {
    var work = Work()
    var documents: [MatchExplanation.Document] = []
    for (index, text) in request.documents.enumerated() {
      let whole = try model.prompt(request.text, text, request, index: index)
      let limit = request.unitLimit(tokenCount: whole.tokenCount)
      let document = ShortenedTexts(text, limit: limit)
      let query = ShortenedTexts(request.text, limit: limit)
      let documentVariants = try document.variants.map {
        try model.prompt(request.text, $0, request, index: index)
      }
      let queryVariants = try query.variants.map { try model.prompt($0, text, request, index: index) }
      let prompts = [whole] + documentVariants + queryVariants
      work.add(prompts.map(\.sequence.ids))
      // In two runs: those of the query part from the prompt where those of the document have all in common.
      let states =
        try await states(of: [whole] + documentVariants, whole)
        + (try await self.states(of: queryVariants, whole))
      let scores = try zip(prompts, states).map { try model.score(of: $0, $1) }
      let values = scores.map(\.logitDifference)
      documents.append(
        MatchExplanation.Document(
          text: text, tokenCount: whole.tokenCount, value: values[0], probability: scores[0].score,
          ofDocument: document.units(whole: values[0], Array(values[1..<1 + documentVariants.count])),
          ofQuery: query.units(whole: values[0], Array(values[(1 + documentVariants.count)...]))))
    }
    return MatchExplanation(
      measure: .logit, query: request.text, documents: documents, passCount: work.passes,
      tokenCount: work.tokens)
  }

  private func states(of prompts: [PreparedInput], _ whole: PreparedInput) async throws -> [[Float]] {
    try await passes.states(
      of: prompts.map(\.sequence.ids), sharing: whole.sequence.ids, pooling: .last,
      activations: request.activations)
  }
}

extension RerankModel {
  /// The prompt of a query and a document.
  func prompt(
    _ query: String, _ document: String, _ request: ExplanationRequest, index: Int
  ) throws(TouchstoneError) -> PreparedInput {
    try plan(query: query, instruction: request.instruction, options: request.rerankOptions)
      .prepare(document, index: index)
  }
}

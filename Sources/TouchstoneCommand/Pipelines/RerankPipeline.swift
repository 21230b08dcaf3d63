import Touchstone

/// A query and its documents in, scores out.
struct RerankPipeline {
  let model: RerankModel
  let options: RerankOptions
  /// nil: the model card's task.
  let instruction: String?
  let progress: Progress

  /// Scores every document of `reader`, in order; see ``TextPipeline``.
  func run(
    _ reader: any InputReader, query: String, deliver: (InputItem, RerankScore) throws -> Void
  ) throws {
    let pipeline = TextPipeline(
      batchTokens: options.batchTokens, maximumTokens: options.maximumTokens,
      contextLength: model.configuration.contextLength, truncation: options.truncation,
      subject: "the document has, with the query,", progress: progress
    ) { items throws(TouchstoneError) in
      try model.rerank(
        query: query, instruction: instruction ?? RerankModel.defaultInstruction,
        documents: items.map(\.text), options: options)
    }
    try pipeline.run(reader, deliver: deliver)
  }

  /// The best of the documents, best first.
  ///
  /// - Parameter top: how many; nil: all of them.
  func best(_ reader: any InputReader, query: String, top: Int?) throws -> [RerankMatch] {
    var best = TopMatches<RerankMatch>(limit: top ?? .max)
    try run(reader, query: query) { item, result in best.offer(RerankMatch(item: item, result: result)) }
    return best.sorted
  }

  /// The best of what a search found, in this model's order and with its scores.
  func reorder(_ matches: [SearchMatch], query: String, top: Int) throws -> [SearchMatch] {
    let similarities = Dictionary(uniqueKeysWithValues: matches.map { ($0.item.index, $0.score) })
    return try best(ItemReader(matches.map(\.item)), query: query, top: top).map { match in
      SearchMatch(
        item: match.item, score: match.result.score, similarity: similarities[match.item.index])
    }
  }
}

extension RerankModel {
  /// Loads the model, and says on standard error what is odd about its file.
  static func load(
    _ path: String, threads: Int?, multiplication: FloatMultiplication?
  ) throws -> RerankModel {
    let model = try RerankModel(path: path, threads: threads, multiplication: multiplication)
    for warning in model.warnings { StandardError.say("warning: \(warning)") }
    return model
  }
}

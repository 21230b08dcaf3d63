import Touchstone

/// What a model made of a text, as far as reports need it.
protocol TextResult {
  var tokenCount: Int { get }
  var isTruncated: Bool { get }
}

extension Embedding: TextResult {}
extension RerankScore: TextResult {}

/// Texts in, results out, batch by batch: the loop that the commands share.
struct TextPipeline<Result: TextResult> {
  /// How much the engine takes at once.
  let batchTokens: Int
  /// The most tokens of one text; nil: what `contextLength` says.
  let maximumTokens: Int?
  let contextLength: Int
  let truncation: Truncation
  /// What has too many tokens: `the text has`.
  let subject: String
  let progress: Progress
  /// One result for each text, in order.
  let work: ([InputItem]) throws(TouchstoneError) -> [Result]

  /// Puts every text of `reader` through the model, in order.
  ///
  /// When a text fails, the ones before it have been delivered. The wait for a slow reader of the input ends
  /// with ``CommandError/interrupted`` when the task is cancelled.
  ///
  /// - Parameters:
  ///   - deliver: called with each text and its result.
  ///   - endBatch: called when a batch is through.
  func run(
    _ reader: any InputReader, deliver: (InputItem, Result) throws -> Void, endBatch: () throws -> Void = {}
  ) throws {
    // The engine packs texts into batches; a few at once leave it some choice.
    let batchesACall = 4
    var batcher = InputBatcher(reader, bytes: batchesACall * InputBatcher.bytesPerToken * batchTokens)
    var cuts = TruncationSummary(limit: maximumTokens ?? contextLength)
    defer { progress.clear() }
    while true {
      let items = try batcher.next()
      if items.isEmpty { break }
      try process(items) { item, result in
        cuts.note(isTruncated: result.isTruncated)
        try deliver(item, result)
        progress.advance(texts: 1, tokens: result.tokenCount, fraction: reader.fractionRead)
      }
      try endBatch()
      if Task.isCancelled { throw CommandError.interrupted }
    }
    progress.clear()
    if let sentence = cuts.sentence(truncation: truncation) { StandardError.say(sentence) }
  }

  private func process(_ items: [InputItem], deliver: (InputItem, Result) throws -> Void) throws {
    let results: [Result]
    do {
      results = try work(items)
    } catch {
      guard let (index, reason) = explain(error), items.indices.contains(index) else { throw error }
      try process(Array(items[..<index]), deliver: deliver)
      throw CommandError.input(items[index].location, reason: reason)
    }
    for (item, result) in zip(items, results) { try deliver(item, result) }
  }

  /// Which text an error of the engine is about, and what to do about it.
  private func explain(_ error: TouchstoneError) -> (index: Int, reason: String)? {
    switch error {
    case .inputTooLong(let index, let tokens, let limit):
      let remedy = maximumTokens == nil ? "" : ", or raise --max-tokens"
      return (
        index, "\(subject) \(tokens) tokens, and \(limit) fit; cut it with --truncate right or left\(remedy)"
      )
    case .noTokens(let index):
      return (
        index, "the text is empty, and the model file asks for no end of text: there is no token to embed"
      )
    case .notFinite(let index):
      return (index, "the model gives a result that is not finite; its file is damaged")
    case .zeroLength(let index):
      return (index, "the vector has length 0; the model's file is damaged or incomplete")
    default: return nil
    }
  }
}

/// Counts what `--truncate` cut.
private struct TruncationSummary {
  let limit: Int
  private var textCount = 0
  private var cutCount = 0

  init(limit: Int) { self.limit = limit }

  mutating func note(isTruncated: Bool) {
    textCount += 1
    if isTruncated { cutCount += 1 }
  }

  func sentence(truncation: Truncation) -> String? {
    guard cutCount > 0 else { return nil }
    let texts = textCount == 1 ? "the text was" : "\(cutCount) of \(textCount) texts were"
    return "\(texts) cut to \(limit) tokens (--truncate \(truncation.rawValue))"
  }
}

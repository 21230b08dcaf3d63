import Touchstone

/// Texts in, vectors out, batch by batch: the loop that the commands share.
struct EmbeddingPipeline {
  let model: EmbeddingModel
  let options: EmbeddingOptions
  let progress: ProgressReporter

  /// Embeds every text of `reader`, in order.
  ///
  /// When a text fails, the ones before it have been delivered. The wait for a slow reader of the input ends
  /// with ``CommandError/interrupted`` when the task is cancelled.
  ///
  /// - Parameters:
  ///   - role: what texts are for, unless they say so themselves.
  ///   - deliver: called with each text and its vector.
  ///   - endBatch: called when a batch is through.
  func run(
    _ reader: any InputReader, as role: EmbeddingRole, deliver: (InputItem, Embedding) throws -> Void,
    endBatch: () throws -> Void = {}
  ) throws {
    var batcher = InputBatcher(
      reader, bytes: Self.batchesACall * InputBatcher.bytesPerToken * options.batchTokens)
    var cuts = TruncationSummary(limit: options.maximumTokens ?? model.configuration.contextLength)
    defer { progress.clear() }
    while true {
      let items = try batcher.next()
      if items.isEmpty { break }
      try embed(items, as: role) { item, embedding in
        cuts.note(embedding)
        try deliver(item, embedding)
        progress.advance(texts: 1, tokens: embedding.tokenCount, fraction: reader.fractionRead)
      }
      try endBatch()
      if Task.isCancelled { throw CommandError.interrupted }
    }
    progress.clear()
    if let sentence = cuts.sentence(truncation: options.truncation) { StandardError.say(sentence) }
  }

  private func embed(
    _ items: [InputItem], as role: EmbeddingRole, deliver: (InputItem, Embedding) throws -> Void
  ) throws {
    let inputs = items.map { EmbeddingInput($0.text, as: $0.task.map(EmbeddingRole.instruct) ?? role) }
    let embeddings: [Embedding]
    do {
      embeddings = try model.embed(inputs, options: options)
    } catch {
      guard let (index, reason) = explain(error), items.indices.contains(index) else { throw error }
      try embed(Array(items[..<index]), as: role, deliver: deliver)
      throw CommandError.input(items[index].location, reason: reason)
    }
    for (item, embedding) in zip(items, embeddings) { try deliver(item, embedding) }
  }

  /// Which text an error of the engine is about, and what to do about it.
  private func explain(_ error: TouchstoneError) -> (index: Int, reason: String)? {
    switch error {
    case .inputTooLong(let index, let tokens, let limit):
      let remedy = options.maximumTokens == nil ? "" : ", or raise --max-tokens"
      return (
        index,
        "the text has \(tokens) tokens, and \(limit) fit; cut it with --truncate right or left\(remedy)"
      )
    case .noTokens(let index):
      return (
        index, "the text is empty, and the model file asks for no end of text: there is no token to embed"
      )
    case .notFinite(let index):
      return (index, "the model gives a vector that is not finite; its file is damaged")
    default: return nil
    }
  }

  /// The engine packs texts into batches; a few at once leave it some choice.
  private static let batchesACall = 4
}

/// Counts what `--truncate` cut.
struct TruncationSummary {
  let limit: Int
  private var textCount = 0
  private var cutCount = 0

  init(limit: Int) { self.limit = limit }

  mutating func note(_ embedding: Embedding) {
    textCount += 1
    if embedding.isTruncated { cutCount += 1 }
  }

  func sentence(truncation: Truncation) -> String? {
    guard cutCount > 0 else { return nil }
    let texts = textCount == 1 ? "the text was" : "\(cutCount) of \(textCount) texts were"
    return "\(texts) cut to \(limit) tokens (--truncate \(truncation.rawValue))"
  }
}

extension EmbeddingPipeline {
  /// All texts with their vectors, which the options must leave at length 1: their dot products are cosines.
  func labelledVectors(_ reader: any InputReader, as role: EmbeddingRole) throws -> [LabelledVector] {
    var vectors: [LabelledVector] = []
    try run(reader, as: role) { item, embedding in vectors.append(try LabelledVector(item, embedding)) }
    return vectors
  }
}

extension LabelledVector {
  init(_ item: InputItem, _ embedding: Embedding) throws(CommandError) {
    guard embedding.values.count == embedding.dimensions else {
      throw .usage(
        "the model file asks for a vector a token; choose one a text with --pooling last, mean or cls")
    }
    try item.check(embedding)
    self.init(item: item, vector: embedding.values)
  }
}

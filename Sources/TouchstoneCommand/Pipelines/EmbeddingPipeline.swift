import Touchstone

/// Texts in, vectors out, in memory that does not grow with their number.
struct EmbeddingPipeline {
  let model: EmbeddingModel
  let options: EmbeddingOptions
  let progress: Progress

  /// Embeds every text of `reader`, in order; see ``TextPipeline``.
  ///
  /// - Parameter role: what texts are for, unless they say so themselves.
  func run(
    _ reader: any InputReader, as role: EmbeddingRole, deliver: (InputItem, Embedding) throws -> Void,
    endBatch: () throws -> Void = {}
  ) throws {
    let pipeline = TextPipeline(
      batchTokens: options.batchTokens, maximumTokens: options.maximumTokens,
      contextLength: model.configuration.contextLength, truncation: options.truncation,
      subject: "the text has", progress: progress
    ) { items throws(TouchstoneError) in
      try model.embed(
        items.map { EmbeddingInput($0.text, as: $0.task.map(EmbeddingRole.query(task:)) ?? role) },
        options: options)
    }
    try pipeline.run(reader, deliver: deliver, endBatch: endBatch)
  }
}

extension EmbeddingPipeline {
  /// All texts with their vectors, which the options must leave at length 1: their dot products are cosines.
  func labeledVectors(_ reader: any InputReader, as role: EmbeddingRole) throws -> [LabeledVector] {
    var vectors: [LabeledVector] = []
    try run(reader, as: role) { item, embedding in vectors.append(try LabeledVector(item, embedding)) }
    return vectors
  }
}

extension LabeledVector {
  init(_ item: InputItem, _ embedding: Embedding) throws(CommandError) {
    guard embedding.values.count == embedding.dimensions else {
      throw .usage(
        "the model file asks for a vector a token; choose one a text with --pooling last, mean or cls")
    }
    try item.check(embedding)
    self.init(item: item, vector: embedding.values)
  }
}

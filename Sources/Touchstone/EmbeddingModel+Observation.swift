import Qwen3

/// The result of one input at the end of an observed pass: a row, or a row a token with pooling `none`.
package struct ObservedResult: Sendable, Equatable {
  /// [rows, hiddenSize]: after the final norm.
  package let pooled: [[Float]]
  /// [rows, dimensions]: cut and normalized as the options say.
  package let vectors: [[Float]]
}

// For those who look inside: traces, golden sets. Nothing is pruned or shared, and no bit differs from
// `embed`.
extension EmbeddingModel {
  /// The ids that ``embed(_:options:progress:)`` would run `input` with, and how many there were before it
  /// was cut.
  package func tokenIDs(
    of input: EmbeddingInput, options: EmbeddingOptions, index: Int = 0
  ) throws(TouchstoneError) -> (ids: [Int32], inputTokenCount: Int) {
    var instructions = InstructionTokens()
    let prepared = try EmbeddingPlan(options, configuration).prepare(
      input, index: index, tokenizer: tokenizer, instructions: &instructions)
    return (prepared.sequence.ids, prepared.inputTokenCount)
  }

  /// Runs complete ids, the end of text among them, and shows every intermediate.
  ///
  /// The result may hold numbers that are not finite: a search for a fault needs to see them.
  ///
  /// - Parameters:
  ///   - index: the number of the input in errors.
  ///   - shouldContinue: asked before each layer; the pass ends with ``TouchstoneError/cancelled`` when it
  ///     says no.
  package func observe(
    _ ids: [Int32], options: EmbeddingOptions, index: Int = 0,
    shouldContinue: @escaping () -> Bool = { true },
    observer: @escaping (Intermediate, _ layer: Int?, _ rows: Range<Int>, _ values: [[Float]]) -> Void
  ) throws(TouchstoneError) -> ObservedResult {
    let plan = try EmbeddingPlan(options, configuration)
    guard !ids.isEmpty else { throw .noTokens(index: index) }
    let vocabularySize = min(tokenizer.vocabularySize, configuration.vocabularySize)
    for id in ids where id < 0 || id >= vocabularySize {
      throw .tokenIDOutOfRange(index: index, id: id, vocabularySize: vocabularySize)
    }
    guard ids.count <= configuration.contextLength else {
      throw .inputTooLong(index: index, tokens: ids.count, limit: configuration.contextLength)
    }
    // The pass begins and ends inside of this call and calls the observer on this thread.
    nonisolated(unsafe) let observer = observer
    let pass = Pass(
      [TokenSequence(ids)], pooling: plan.pooling, activations: options.activations,
      chunkLength: options.batchTokens, observer: { observer($0, $1, $2, $3) })
    let states = model.run(pass) { _ in shouldContinue() }
    guard let states else { throw .cancelled }
    let pooled = plan.pooling.pooled(states[...])
    return ObservedResult(pooled: pooled, vectors: pooled.map(plan.vector(of:)))
  }
}

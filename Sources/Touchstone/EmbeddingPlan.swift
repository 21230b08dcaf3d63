import Qwen3
import Tokenization

/// Options checked against a model: how inputs become token ids, token ids become batches, and states become
/// vectors.
package struct EmbeddingPlan: Sendable {
  package let pooling: Pooling
  package let dimensions: Int
  package let normalization: Normalization
  package let limits: TokenLimits
  package let truncation: Truncation

  package init(_ options: EmbeddingOptions, _ configuration: ModelConfiguration) throws(TouchstoneError) {
    pooling = options.pooling ?? configuration.pooling ?? .last
    dimensions = options.dimensions ?? configuration.hiddenSize
    guard (1...configuration.hiddenSize).contains(dimensions) else {
      throw .invalidOption(
        "dimensions is \(dimensions), but this model's vectors have 1 to \(configuration.hiddenSize)")
    }
    normalization = options.normalization
    limits = try TokenLimits(maximum: options.maximumTokens, batch: options.batchTokens, configuration)
    truncation = options.truncation
  }
}

/// The token ids of the instructions of one call, each tokenized once.
package struct InstructionTokens: Sendable {
  /// By the UTF-8 of the prefix: a stranger may have written it, and comparing it as a `String` takes
  /// quadratic time for a long run of combining marks.
  private var ids: [[UInt8]: [Int32]] = [[]: []]

  package init() {}

  mutating func ids(of role: EmbeddingRole, _ tokenizer: TextTokenizer) -> [Int32] {
    let prefix = role.prefix
    let key = Array(prefix.utf8)
    if let known = ids[key] { return known }
    let new = tokenizer.tokenIDs(of: prefix, endOfText: false)
    ids[key] = new
    return new
  }
}

/// An input as token ids that fit the model.
package struct PreparedInput: Sendable {
  package let index: Int
  package let sequence: TokenSequence
  /// Tokens before truncation.
  package let inputTokenCount: Int

  package var tokenCount: Int { sequence.ids.count }
}

extension EmbeddingPlan {
  /// The ids of an input: instruction, text, end of text; cut to the limit where asked for.
  package func prepare(
    _ input: EmbeddingInput, index: Int, tokenizer: TextTokenizer, instructions: inout InstructionTokens
  ) throws(TouchstoneError) -> PreparedInput {
    var ids: [Int32]
    switch input.content {
    case .text(let text):
      ids = tokenizer.tokenIDs(of: input.role.prefix + text)
    case .tokenIDs(let given):
      for id in given where id < 0 || id >= tokenizer.vocabularySize {
        throw .tokenIDOutOfRange(index: index, id: id, vocabularySize: tokenizer.vocabularySize)
      }
      ids = instructions.ids(of: input.role, tokenizer) + given
      if let end = tokenizer.endOfText, ids.last != end { ids.append(end) }
    }
    guard !ids.isEmpty else { throw .noTokens(index: index) }
    let count = ids.count
    if count > limits.maximum { ids = try cut(ids, index: index, endOfText: tokenizer.endOfText) }
    let instruction = instructions.ids(of: input.role, tokenizer)
    return PreparedInput(
      index: index, sequence: TokenSequence(ids, instruction: instruction), inputTokenCount: count)
  }

  /// Cuts token ids to the limit. The end of text stays.
  private func cut(
    _ ids: [Int32], index: Int, endOfText: Int32?
  ) throws(TouchstoneError) -> [Int32] {
    let ending = endOfText.map { [$0] } ?? []
    let body = ids.dropLast(ending.count)
    switch truncation {
    case .error: throw .inputTooLong(index: index, tokens: ids.count, limit: limits.maximum)
    case .right: return body.prefix(limits.maximum - ending.count) + ending
    case .left: return body.suffix(limits.maximum - ending.count) + ending
    }
  }

  /// Which consecutive inputs go through the model together.
  func batches(of inputs: [PreparedInput]) -> [Range<Int>] {
    limits.batches(ofTokenCounts: inputs.map(\.tokenCount))
  }

  /// Vectors from the states of a batch, which are one row a pooled token.
  func embeddings(
    from states: [[Float]], of inputs: ArraySlice<PreparedInput>
  ) throws(TouchstoneError) -> [Embedding] {
    var embeddings: [Embedding] = []
    var row = 0
    for input in inputs {
      let rowCount = pooling.rowCount(tokenCount: input.tokenCount)
      embeddings.append(try embedding(from: pooling.pooled(states[row..<row + rowCount]), of: input))
      row += rowCount
    }
    return embeddings
  }

  /// Slices and normalizes the pooled states of one input: one row, or one a token with pooling `none`.
  package func embedding(
    from pooled: [[Float]], of input: PreparedInput
  ) throws(TouchstoneError) -> Embedding {
    let values = pooled.flatMap(vector(of:))
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(index: input.index) }
    guard PooledVector.haveDirections(values, dimensions: dimensions) else {
      throw .zeroLength(index: input.index)
    }
    return Embedding(
      values: values, dimensions: dimensions, tokenCount: input.tokenCount,
      inputTokenCount: input.inputTokenCount)
  }

  /// The vector of a pooled state: cut, then normalized.
  package func vector(of state: [Float]) -> [Float] {
    let slice = Array(state.prefix(dimensions))
    return normalization == .l2 ? PooledVector.normalized(slice) : slice
  }
}

extension Pooling {
  /// How many states of a sequence the model hands out.
  package func rowCount(tokenCount: Int) -> Int {
    switch self {
    case .last, .cls: 1
    case .mean, .none: tokenCount
    }
  }

  /// The states of one sequence, pooled: one row, or one a token with pooling `none`.
  package func pooled(_ states: ArraySlice<[Float]>) -> [[Float]] {
    self == .mean ? [PooledVector.mean(of: states)] : Array(states)
  }
}

import Qwen3
import Tokenization

/// The text that Qwen3-Reranker reads, as token ids: the words of its training, without a change.
///
///     <|im_start|>system
///     Judge whether … "yes" or "no".<|im_end|>
///     <|im_start|>user
///     <Instruct>: {instruction}
///     <Query>: {query}
///     <Document>: {document}<|im_end|>
///     <|im_start|>assistant
///     <think>
///
///     </think>
///
///     (the next token is the answer)
///
/// As in the model card's code, what stands before `<Instruct>` and what follows the document are tokenized
/// on their own, and the lines between give the tokens of one text. Those are from strangers: what looks like
/// a special token in them is ordinary text, and cannot end the document or speak for the model.
package struct RerankPrompt {
  /// The beginning and the end of every text.
  private let opening: [Int32]
  private let closing: [Int32]
  private let tokenizer: TextTokenizer

  /// - Throws: ``TouchstoneError/vocabulary(path:_:)`` where the vocabulary lacks the tokens of a turn.
  init(_ tokenizer: TextTokenizer, path: String) throws(TouchstoneError) {
    do {
      try Self.check(tokenizer.tokenizer.vocabulary)
    } catch {
      throw .vocabulary(path: path, error)
    }
    self.tokenizer = tokenizer
    opening = tokenizer.tokenIDs(of: Self.opening, endOfText: false)
    closing = tokenizer.tokenIDs(of: Self.closing, endOfText: false)
  }

  /// Throws where the prompt would be other tokens than those that the model was trained with.
  static func check(_ vocabulary: Vocabulary) throws(VocabularyError) {
    for token in ["<|im_start|>", "<|im_end|>"] {
      let type = vocabulary.token(spelled: token).flatMap { vocabulary.type(of: $0) }
      guard type == .control || type == .userDefined else { throw .missingControlToken(token) }
    }
  }

  package static let opening = """
    <|im_start|>system
    Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the \
    answer can only be "yes" or "no".<|im_end|>
    <|im_start|>user

    """
  package static let closing = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"

  static func query(_ query: String, instruction: String) -> String {
    "<Instruct>: \(instruction)\n<Query>: \(query)\n<Document>:"
  }

  /// The value of `tokenizer.chat_template.rerank` in a file that agrees.
  package static var template: String {
    opening + query("{query}", instruction: RerankModel.defaultInstruction) + " {document}" + closing
  }
}

extension RerankPrompt {
  /// The beginning that all documents of a query share.
  struct Query: Sendable {
    /// From the first token to the colon after `<Document>`: the space that follows belongs to the document's
    /// tokens.
    let ids: [Int32]
  }

  func query(_ query: String, instruction: String) -> Query {
    Query(ids: opening + tokenizer.plainTokenIDs(of: Self.query(query, instruction: instruction)))
  }

  /// The tokens of a prompt before those of its document, and after them.
  func frameCount(of query: Query) -> Int { query.ids.count + closing.count }

  /// The whole prompt, its document cut to what `limit` leaves.
  ///
  /// - Throws: ``TouchstoneError/inputTooLong(index:tokens:limit:)``,
  ///   ``TouchstoneError/queryTooLong(tokens:limit:)``.
  func prepare(
    _ document: String, index: Int, query: Query, limit: Int, truncation: Truncation
  ) throws(TouchstoneError) -> PreparedInput {
    let room = limit - frameCount(of: query)
    guard room > 0 else { throw .queryTooLong(tokens: frameCount(of: query), limit: limit) }
    // The colon is followed by a space, before which the tokenizer always parts: these are the tokens that
    // the document has behind the lines before it.
    var body = tokenizer.plainTokenIDs(of: " \(document)")[...]
    let count = frameCount(of: query) + body.count
    if body.count > room {
      switch truncation {
      case .error: throw .inputTooLong(index: index, tokens: count, limit: limit)
      case .right: body = body.prefix(room)
      case .left: body = body.suffix(room)
      }
    }
    return PreparedInput(
      index: index, sequence: TokenSequence(query.ids + body + closing, instruction: query.ids),
      inputTokenCount: count)
  }
}

/// A query, and the treatment of its documents before the model reads them.
package struct RerankPlan: Sendable {
  let prompt: RerankPrompt
  let query: RerankPrompt.Query
  let limits: TokenLimits
  let truncation: Truncation

  /// The tokens that all documents have in common at their beginning: the instruction and the query.
  package var sharedTokenCount: Int { query.ids.count }

  /// The prompt with one document as token ids, cut where asked for.
  ///
  /// - Throws: ``TouchstoneError/inputTooLong(index:tokens:limit:)``,
  ///   ``TouchstoneError/queryTooLong(tokens:limit:)``.
  package func prepare(_ document: String, index: Int) throws(TouchstoneError) -> PreparedInput {
    try prompt.prepare(
      document, index: index, query: query, limit: limits.maximum, truncation: truncation)
  }

  /// Which inputs go through the model together. What they share fills no batch: it is there from the first
  /// on.
  package func batches(of inputs: [PreparedInput]) -> [Range<Int>] {
    limits.batches(ofTokenCounts: inputs.map { $0.tokenCount - sharedTokenCount })
  }
}

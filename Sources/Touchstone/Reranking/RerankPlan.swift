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

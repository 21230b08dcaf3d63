/// The number of a token in its vocabulary.
package typealias TokenID = UInt32

/// What a model wants around every text.
package struct TokenizerConfiguration: Hashable, Sendable {
  /// Put before every text; nil for none (Qwen3-Embedding has none).
  package var beginningOfText: TokenID?
  /// Put after every text, exactly once; nil for none. For Qwen3-Embedding it is `<|endoftext|>`.
  package var endOfText: TokenID?

  package init(beginningOfText: TokenID? = nil, endOfText: TokenID? = nil) {
    self.beginningOfText = beginningOfText
    self.endOfText = endOfText
  }
}

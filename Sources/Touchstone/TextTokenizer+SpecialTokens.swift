import Tokenization

/// For services that let their clients say how special tokens are handled.
extension TextTokenizer {
  /// The tokens of `text` with their place in it.
  ///
  /// - Parameters:
  ///   - addsConfiguredTokens: whether the tokens that the file asks for, such as the end of text, are put
  ///     around it.
  ///   - readsSpecialTokens: whether what spells a special token is one; else it is ordinary text.
  package func tokens(
    of text: String, addsConfiguredTokens: Bool, readsSpecialTokens: Bool = true
  ) -> [TextToken] {
    let encoding = tokenizer.encodeWithRanges(
      text,
      options: EncodingOptions(
        addedTokens: readsSpecialTokens ? .all : .none, addsConfiguredTokens: addsConfiguredTokens))
    return zip(encoding.ids, encoding.ranges).map { TextToken(id: Int32(bitPattern: $0), bytes: $1) }
  }

  /// How many tokens are put before a text, and after it.
  package var configuredTokenCounts: (before: Int, after: Int) {
    let configuration = tokenizer.configuration
    return (configuration.beginningOfText == nil ? 0 : 1, configuration.endOfText == nil ? 0 : 1)
  }

  /// The bytes of the longest token. Looks at every token: not to be asked for each text.
  package var longestTokenBytes: Int {
    (0..<Int32(vocabularySize)).reduce(1) { max($0, pieceBytes($1)?.count ?? 0) }
  }

  /// The bytes that `id` stands for, which may be part of a character; nil where the vocabulary ends before
  /// it.
  package func pieceBytes(_ id: Int32) -> [UInt8]? {
    id < 0 ? nil : tokenizer.vocabulary.piece(TokenID(bitPattern: id))
  }
}

/// The tokens of a text, and where in the text each comes from.
package struct Encoding: Hashable, Sendable {
  package var ids: [TokenID]
  /// One range of bytes in the original UTF-8 for each token.
  ///
  /// The ranges ascend and touch: together they cover the text. A token may be part of a character. Where
  /// NFC changed the text (or ill-formed bytes were repaired), a boundary inside the changed stretch moves
  /// to its end, so the first token of the stretch has all its bytes and the others have none. Tokens
  /// that are not from the text have an empty range at its beginning or end.
  package var ranges: [Range<Int>]
}

/// Which added tokens are recognized in a text.
package enum AddedTokenRecognition: Hashable, Sendable {
  /// All of them, as the reference does unless told otherwise.
  case all
  /// Only user-defined tokens such as `<think>`; control tokens are ordinary text. This is the reference's
  /// `split_special_tokens` (`encode_special_tokens`).
  case userDefined
  /// None: everything is ordinary text. For text from strangers.
  case none
}

/// How one text is encoded.
package struct EncodingOptions: Hashable, Sendable {
  package var addedTokens: AddedTokenRecognition
  /// Whether the tokens of ``TokenizerConfiguration`` are put around the text.
  package var addsConfiguredTokens: Bool

  package init(addedTokens: AddedTokenRecognition = .all, addsConfiguredTokens: Bool = true) {
    self.addedTokens = addedTokens
    self.addsConfiguredTokens = addsConfiguredTokens
  }
}

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

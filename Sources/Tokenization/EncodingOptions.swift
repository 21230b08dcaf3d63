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

/// Which added tokens are recognised in a text.
public enum AddedTokenRecognition: Hashable, Sendable {
  /// All of them, as the reference does unless told otherwise.
  case all
  /// Only user-defined tokens such as `<think>`; control tokens are ordinary text. This is the reference's
  /// `split_special_tokens` (`encode_special_tokens`).
  case userDefined
  /// None: everything is ordinary text. For text from strangers.
  case none
}

/// How one text is encoded.
public struct EncodingOptions: Hashable, Sendable {
  public var addedTokens: AddedTokenRecognition
  /// Whether the tokens of ``TokenizerConfiguration`` are put around the text.
  public var addsConfiguredTokens: Bool

  public init(addedTokens: AddedTokenRecognition = .all, addsConfiguredTokens: Bool = true) {
    self.addedTokens = addedTokens
    self.addsConfiguredTokens = addsConfiguredTokens
  }
}

/// What a token is for, with the numbers of GGUF's `tokenizer.ggml.token_type`.
package enum TokenType: Int32, Sendable {
  case normal = 1
  case unknown = 2
  /// Steers a model and is no text, such as `<|endoftext|>`.
  case control = 3
  /// Text that is kept whole, such as `<think>`.
  case userDefined = 4
  case unused = 5
  case byte = 6

  /// Whether the token is found in text as a whole, before the text is split.
  var isAdded: Bool { isSpecial || self == .userDefined }

  /// Whether the token is left out when text is decoded for a reader.
  var isSpecial: Bool { self == .control || self == .unknown }
}

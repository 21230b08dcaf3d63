extension Tokenizer {
  /// The bytes that ids stand for.
  ///
  /// - Parameter skipsSpecialTokens: leaves out control tokens such as `<|endoftext|>`; user-defined tokens
  ///   are text and stay.
  /// - Throws: ``TokenizationError/unknownTokenID(_:tokenCount:)``
  package func decodeBytes(
    _ ids: some Sequence<TokenID>, skipsSpecialTokens: Bool = false
  ) throws(TokenizationError) -> [UInt8] {
    var output: [UInt8] = []
    for id in ids {
      guard let piece = vocabulary.piece(id) else {
        throw .unknownTokenID(Int(id), tokenCount: vocabulary.count)
      }
      if skipsSpecialTokens, vocabulary.types[Int(id)].isSpecial { continue }
      output.append(contentsOf: piece)
    }
    return output
  }

  /// The text that ids stand for. Bytes that are not well-formed UTF-8, such as part of a character,
  /// become U+FFFD.
  ///
  /// - Throws: ``TokenizationError/unknownTokenID(_:tokenCount:)``
  package func decode(
    _ ids: some Sequence<TokenID>, skipsSpecialTokens: Bool = false
  ) throws(TokenizationError) -> String {
    String(decoding: try decodeBytes(ids, skipsSpecialTokens: skipsSpecialTokens), as: UTF8.self)
  }
}

extension Vocabulary {
  /// The bytes that a token stands for in text: part of a character, or several.
  package func piece(_ token: TokenID) -> [UInt8]? {
    guard token < count else { return nil }
    let offsets = offsets.elements
    return Array(bytes.elements[offsets[Int(token)]..<offsets[Int(token) + 1]])
  }

  /// - Requires: the token is in the vocabulary.
  func byteCount(of token: TokenID) -> Int {
    offsets.elements[Int(token) + 1] - offsets.elements[Int(token)]
  }
}

/// The tokens of a byte-level byte-pair encoding and the merges between them, checked.
package struct Vocabulary: Sendable {
  let spellings: TokenStrings
  let types: [TokenType]
  let index: SpellingIndex
  let merges: MergeTable
  let boundaries: CharacterBoundaries
  /// The bytes of all tokens end to end: what each stands for in text.
  let bytes: FrozenBuffer<UInt8>
  /// `count + 1` positions in `bytes`.
  let offsets: FrozenBuffer<Int>
  /// The token of each single byte.
  let byteTokens: FrozenBuffer<UInt32>

  /// Checks a vocabulary and makes its tables.
  ///
  /// - Parameters:
  ///   - tokens: what each token is, by id. Ordinary tokens are in GPT-2's spelling of bytes as printable
  ///     characters; added tokens (control, unknown, user-defined) are plain text.
  ///   - types: as in GGUF's `tokenizer.ggml.token_type`; see ``TokenType``.
  ///   - merges: pairs `left right` in the same spelling, the first to be merged first.
  /// - Throws: a ``TokenizationError`` that names the first thing wrong.
  package init(tokens: TokenStrings, types: [Int32], merges: TokenStrings) throws(TokenizationError) {
    guard tokens.count < MergeTable.tokenLimit else {
      throw .tooManyStrings(.tokens, count: tokens.count, limit: MergeTable.tokenLimit - 1)
    }
    guard types.count == tokens.count else { throw .tokenTypeCount(types.count, tokenCount: tokens.count) }
    var checkedTypes: [TokenType] = []
    checkedTypes.reserveCapacity(types.count)
    for (token, type) in types.enumerated() {
      guard let checked = TokenType(rawValue: type) else { throw .unknownTokenType(type, token: token) }
      checkedTypes.append(checked)
    }
    spellings = tokens
    self.types = checkedTypes
    index = try SpellingIndex(tokens)

    var byteTokens: [UInt32] = []
    for (byte, character) in ByteSpelling.characters.enumerated() {
      var spelling: [UInt8] = []
      spelling.appendScalar(character)
      guard let token = index.token(spelling) else { throw .missingByteToken(UInt8(byte)) }
      byteTokens.append(UInt32(token))
    }
    self.byteTokens = FrozenBuffer(byteTokens)
    let parsed = try MergeParser(spellings: tokens, index: index).parse(merges)
    self.merges = try MergeTable(parsed)
    (bytes, offsets) = Self.textBytes(of: tokens, types: checkedTypes)
    boundaries = CharacterBoundaries(merges: parsed, bytes: bytes.elements, offsets: offsets.elements)
  }

  /// The number of tokens.
  package var count: Int { types.count }

  /// The type of a token.
  package func type(of token: Int) -> TokenType? {
    types.indices.contains(token) ? types[token] : nil
  }

  /// The token with this spelling: GPT-2's for ordinary tokens, plain text for added ones.
  package func token(spelled spelling: String) -> Int? {
    index.token(Array(spelling.utf8))
  }

  private static func textBytes(
    of tokens: TokenStrings, types: [TokenType]
  ) -> (FrozenBuffer<UInt8>, FrozenBuffer<Int>) {
    var offsets: [Int] = [0]
    offsets.reserveCapacity(tokens.count + 1)
    let output = [UInt8](unsafeUninitializedCapacity: tokens.bytes.count) { output, count in
      tokens.bytes.withUnsafeBufferPointer { bytes in
        ByteSpelling.bytes.withUnsafeBufferPointer { table in
          for token in 0..<tokens.count {
            let spelling = UnsafeBufferPointer(
              rebasing: bytes[tokens.offsets[token]..<tokens.offsets[token + 1]])
            let end = output.baseAddress! + count
            count +=
              types[token].isAdded
              ? ByteSpelling.writeUnchanged(spelling, to: end)
              : ByteSpelling.write(spelling, to: end, with: table)
            offsets.append(count)
          }
        }
      }
    }
    return (FrozenBuffer(output), FrozenBuffer(offsets))
  }
}

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

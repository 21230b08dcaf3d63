/// Turns text into the token ids of a byte-level byte-pair encoding with the qwen2 split pattern, exactly as
/// the Hugging Face tokenizer of Qwen3 does.
///
/// A text goes through five steps: added tokens are found in the raw text; the text between them is
/// normalized to NFC and split into pieces; each piece's bytes are merged pair by pair; the configured
/// tokens are put around it all.
///
/// A tokenizer is immutable and may be used from any number of threads.
package final class Tokenizer: Sendable {
  package let vocabulary: Vocabulary
  package let configuration: TokenizerConfiguration
  private let addedTokens: AddedTokenMatcher
  private let pool: WorkspacePool

  /// - Throws: ``TokenizationError/unknownTokenID(_:tokenCount:)`` for a configured token that the vocabulary
  ///   lacks, ``TokenizationError/addedTokenTooLong(token:byteCount:limit:)``.
  package init(
    vocabulary: Vocabulary, configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws(TokenizationError) {
    for token in [configuration.beginningOfText, configuration.endOfText].compactMap({ $0 })
    where token >= vocabulary.count {
      throw .unknownTokenID(Int(token), tokenCount: vocabulary.count)
    }
    self.vocabulary = vocabulary
    self.configuration = configuration
    addedTokens = try AddedTokenMatcher(vocabulary)
    pool = WorkspacePool(vocabulary)
  }

  /// The first added token of a text, if there is one.
  func firstAddedToken(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> AddedTokenMatcher.Match? {
    addedTokens.firstMatch(in: text, from: start)
  }

  /// Memory for one worker that encodes many texts; see ``TokenizerWorkspace``.
  package func makeWorkspace() -> TokenizerWorkspace {
    TokenizerWorkspace(vocabulary)
  }

  /// The ids of a text.
  package func encode(
    _ text: String, options: EncodingOptions = EncodingOptions(), workspace: TokenizerWorkspace? = nil
  ) -> [TokenID] {
    withTokens(of: text, options, workspace) { tokens, _, _ in Array(tokens) }
  }

  /// The ids of a text, and the bytes of the text that each comes from.
  package func encodeWithRanges(
    _ text: String, options: EncodingOptions = EncodingOptions(), workspace: TokenizerWorkspace? = nil
  ) -> Encoding {
    withTokens(of: text, options, workspace) { tokens, changes, byteCount in
      encoding(tokens, changes, options, byteCount)
    }
  }

  /// The number of ids of a text.
  package func count(
    _ text: String, options: EncodingOptions = EncodingOptions(), workspace: TokenizerWorkspace? = nil
  ) -> Int {
    withTokens(of: text, options, workspace) { tokens, _, _ in tokens.count }
  }

  /// The ids of UTF-8 bytes, and the bytes that each comes from.
  ///
  /// Bytes that are not well-formed UTF-8 are taken as U+FFFD, one for each maximal part of an ill-formed
  /// sequence (Unicode Standard, section 3.9).
  package func encodeWithRanges(
    utf8 bytes: UnsafeBufferPointer<UInt8>, options: EncodingOptions = EncodingOptions(),
    workspace: TokenizerWorkspace? = nil
  ) -> Encoding {
    guard let repaired = UTF8Repair.repair(bytes) else {
      return withTokens(of: bytes, options, workspace) { tokens, changes in
        encoding(tokens, changes, options, bytes.count)
      }
    }
    var result = repaired.text.withUnsafeBufferPointer { text in
      withTokens(of: text, options, workspace) { tokens, changes in
        encoding(tokens, changes, options, text.count)
      }
    }
    var map = PositionMap(repaired.changes)
    result.ranges = result.ranges.map { range in
      let start = map.original(of: range.lowerBound)
      return start..<map.original(of: range.upperBound)
    }
    return result
  }

  /// The ids of UTF-8 bytes; ill-formed ones as in ``encodeWithRanges(utf8:options:workspace:)``.
  package func encode(
    utf8 bytes: UnsafeBufferPointer<UInt8>, options: EncodingOptions = EncodingOptions(),
    workspace: TokenizerWorkspace? = nil
  ) -> [TokenID] {
    guard let repaired = UTF8Repair.repair(bytes) else {
      return withTokens(of: bytes, options, workspace) { tokens, _ in Array(tokens) }
    }
    return repaired.text.withUnsafeBufferPointer { text in
      withTokens(of: text, options, workspace) { tokens, _ in Array(tokens) }
    }
  }

  private func withTokens<Result>(
    of text: String, _ options: EncodingOptions, _ workspace: TokenizerWorkspace?,
    _ body: (UnsafeBufferPointer<TokenID>, [PositionChange], Int) -> Result
  ) -> Result {
    var text = text
    return text.withUTF8 { bytes in
      withTokens(of: bytes, options, workspace) { body($0, $1, bytes.count) }
    }
  }

  private func withTokens<Result>(
    of text: UnsafeBufferPointer<UInt8>, _ options: EncodingOptions, _ workspace: TokenizerWorkspace?,
    _ body: (UnsafeBufferPointer<TokenID>, [PositionChange]) -> Result
  ) -> Result {
    func encode(_ workspace: TokenizerWorkspace) -> Result {
      fill(workspace, with: text, options)
      return body(
        UnsafeBufferPointer(start: workspace.tokens.storage, count: workspace.tokens.count), workspace.changes
      )
    }
    if let workspace, workspace.vocabulary.merges === vocabulary.merges { return encode(workspace) }
    return pool.withWorkspace(encode)
  }

  /// Leaves the tokens of well-formed UTF-8 in a workspace.
  private func fill(
    _ workspace: TokenizerWorkspace, with text: UnsafeBufferPointer<UInt8>, _ options: EncodingOptions
  ) {
    workspace.reset()
    if options.addsConfiguredTokens, let token = configuration.beginningOfText {
      workspace.tokens.append(token)
    }
    var segmentStart = 0
    var searchStart = 0
    while options.addedTokens != .none, let match = addedTokens.firstMatch(in: text, from: searchStart) {
      searchStart = match.range.upperBound
      if match.isSpecial, options.addedTokens == .userDefined { continue }
      let segment = UnsafeBufferPointer(rebasing: text[segmentStart..<match.range.lowerBound])
      workspace.encodeSegment(segment, at: segmentStart)
      workspace.tokens.append(match.token)
      segmentStart = match.range.upperBound
    }
    workspace.encodeSegment(UnsafeBufferPointer(rebasing: text[segmentStart...]), at: segmentStart)
    if options.addsConfiguredTokens, let token = configuration.endOfText {
      workspace.tokens.append(token)
    }
  }

  private func encoding(
    _ tokens: UnsafeBufferPointer<TokenID>, _ changes: [PositionChange], _ options: EncodingOptions,
    _ byteCount: Int
  ) -> Encoding {
    let adds = options.addsConfiguredTokens
    let beginningCount = adds && configuration.beginningOfText != nil ? 1 : 0
    let endCount = adds && configuration.endOfText != nil ? 1 : 0
    var ranges = [Range<Int>](repeating: 0..<0, count: beginningCount)
    ranges.reserveCapacity(tokens.count)
    var map = PositionMap(changes)
    var position = 0
    var start = 0
    for token in tokens[beginningCount..<tokens.count - endCount] {
      position += vocabulary.byteCount(of: token)
      let end = min(map.original(of: position), byteCount)
      ranges.append(start..<end)
      start = end
    }
    for _ in 0..<endCount { ranges.append(byteCount..<byteCount) }
    return Encoding(ids: Array(tokens), ranges: ranges)
  }
}

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

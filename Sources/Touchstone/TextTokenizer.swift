import GGUF
import Tokenization

/// The tokenizer of a GGUF file. Needs no weights: a vocabulary-only file will do. Safe to use from any
/// thread.
public struct TextTokenizer: Sendable {
  package let tokenizer: Tokenizer
  /// How the file says that a text ends.
  public let endOfTextSetting: EndOfTextSetting

  /// - Parameter path: a GGUF file, or the first part of a split one.
  public init(path: String) throws(TouchstoneError) {
    try self.init(try TouchstoneError.openFile(path))
  }

  package init(_ file: GGUFFile) throws(TouchstoneError) {
    do {
      let vocabulary = try VocabularyFile(file)
      tokenizer = vocabulary.tokenizer
      endOfTextSetting = vocabulary.endOfText
    } catch let error as GGUFError {
      throw .file(error)
    } catch let error as TokenizationError {
      throw .vocabulary(path: file.path, .lists(error))
    } catch let error as VocabularyError {
      throw .vocabulary(path: file.path, error)
    } catch {
      preconditionFailure("no other error is thrown: \(error)")
    }
  }

  public var vocabularySize: Int { tokenizer.vocabulary.count }

  /// The id appended to every text, or nil where the file asks for none.
  public var endOfText: Int32? { tokenizer.configuration.endOfText.map(Int32.init(bitPattern:)) }

  /// The ids of `text`, with the end of text as the file says.
  public func tokenIDs(of text: String) -> [Int32] {
    tokenizer.encode(text).map(Int32.init(bitPattern:))
  }

  package func tokenIDs(of text: String, endOfText: Bool) -> [Int32] {
    tokenizer.encode(text, options: EncodingOptions(addsConfiguredTokens: endOfText)).map(
      Int32.init(bitPattern:))
  }

  /// The ids of a text from a stranger, without an end of text: what spells a special token is ordinary text.
  package func plainTokenIDs(of text: String) -> [Int32] {
    tokenizer.encode(text, options: EncodingOptions(addedTokens: .none, addsConfiguredTokens: false)).map(
      Int32.init(bitPattern:))
  }

  /// The tokens of `text` with their place in it.
  public func tokens(of text: String) -> [TextToken] {
    let encoding = tokenizer.encodeWithRanges(text)
    return zip(encoding.ids, encoding.ranges).map { TextToken(id: Int32(bitPattern: $0), bytes: $1) }
  }

  /// The number of tokens of `text`, the end of text included.
  public func count(_ text: String) -> Int { tokenizer.count(text) }

  /// The text of `ids`. Bytes that are not UTF-8 become U+FFFD.
  public func decode(
    _ ids: [Int32], skippingSpecialTokens: Bool = false
  ) throws(TouchstoneError) -> String {
    for (index, id) in ids.enumerated() { try check(id, index: index) }
    do {
      return try tokenizer.decode(
        ids.map(TokenID.init(bitPattern:)), skipsSpecialTokens: skippingSpecialTokens)
    } catch {
      throw .invalidOption("\(error)")
    }
  }

  /// The piece of text that `id` stands for; bytes that are not UTF-8 become U+FFFD.
  public func piece(_ id: Int32) throws(TouchstoneError) -> String {
    try check(id, index: 0)
    return String(decoding: tokenizer.vocabulary.piece(TokenID(bitPattern: id)) ?? [], as: UTF8.self)
  }

  /// The id of the token with this spelling: plain text for added tokens such as `<|im_end|>`.
  package func token(spelled spelling: String) -> Int32? {
    tokenizer.vocabulary.token(spelled: spelling).map(Int32.init)
  }

  private func check(_ id: Int32, index: Int) throws(TouchstoneError) {
    guard id >= 0, id < vocabularySize else {
      throw .tokenIDOutOfRange(index: index, id: id, vocabularySize: vocabularySize)
    }
  }
}

/// A token and the bytes of the text that it stands for.
public struct TextToken: Sendable, Equatable {
  public let id: Int32
  /// Offsets into the UTF-8 bytes of the text as given. Empty for the end of text appended.
  public let bytes: Range<Int>
}

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

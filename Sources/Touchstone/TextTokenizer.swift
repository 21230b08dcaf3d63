import GGUF
import Tokenization

/// The tokenizer of a GGUF file. Needs no weights: a vocabulary-only file will do.
public struct TextTokenizer: Sendable {
  public init(path: String) throws(TouchstoneError) { fatalError() }

  public var vocabularySize: Int { fatalError() }
  /// The id appended to every text, or nil where the file asks for none.
  public var endOfText: Int32? { fatalError() }

  /// The ids of `text`, with the end of text as the file says.
  public func tokenIDs(of text: String) -> [Int32] { fatalError() }
  /// The tokens of `text` with their place in it.
  public func tokens(of text: String) -> [TextToken] { fatalError() }
  /// The number of tokens of `text`, the end of text included.
  public func count(_ text: String) -> Int { fatalError() }
  /// The text of `ids`. Bytes that are not UTF-8 become U+FFFD.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = false) throws(TouchstoneError) -> String { fatalError() }
  /// The piece of text that `id` stands for; bytes that are not UTF-8 become U+FFFD.
  public func piece(_ id: Int32) throws(TouchstoneError) -> String { fatalError() }
}

/// A token and the bytes of the text that it stands for.
public struct TextToken: Sendable, Equatable {
  public let id: Int32
  /// Offsets into the UTF-8 bytes of the text as given. Empty for the end of text appended.
  public let bytes: Range<Int>
}

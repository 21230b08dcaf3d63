import ForeignText

/// Why a tokenizer cannot be built from a vocabulary, or a request cannot be met.
public enum TokenizationError: Error, Hashable, Sendable {
  /// One of the two lists of strings that make a vocabulary.
  public enum StringList: String, Hashable, Sendable {
    case tokens
    case merges
  }

  /// The offsets of a list do not ascend from 0 to the number of its bytes.
  case invalidOffsets(StringList)
  /// A list is longer than this tokenizer supports.
  case tooManyStrings(StringList, count: Int, limit: Int)
  /// There are not as many token types as tokens.
  case tokenTypeCount(Int, tokenCount: Int)
  /// A token's type is not one of ``TokenType``.
  case unknownTokenType(Int32, token: Int)
  /// Two tokens are spelled alike.
  case duplicateToken(first: Int, second: Int)
  /// No token spells this single byte, so not every text could be encoded.
  case missingByteToken(UInt8)
  /// A token to be found in text has no bytes.
  case emptyAddedToken(Int)
  /// A token to be found in text is not UTF-8: it would be found inside of characters.
  case addedTokenNotUTF8(Int)
  /// A token to be found in text is longer than this tokenizer supports.
  case addedTokenTooLong(token: Int, byteCount: Int, limit: Int)
  /// A merge is not two pieces with one space between them.
  case malformedMerge(Int)
  /// A piece of a merge, or what the two pieces make, is not a token.
  case unknownMergeToken(merge: Int, text: String)
  /// Two merges join the same pair.
  case duplicateMerge(first: Int, second: Int)
  /// An id is not in the vocabulary.
  case unknownTokenID(Int, tokenCount: Int)
}

extension TokenizationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidOffsets(let list):
      "the offsets of the vocabulary's \(list.rawValue) must ascend from 0 to the number of bytes"
    case .tooManyStrings(let list, let count, let limit):
      "the vocabulary has \(count) \(list.rawValue), but at most \(limit) are supported"
    case .tokenTypeCount(let count, let tokenCount):
      "the vocabulary has \(tokenCount) tokens but \(count) token types"
    case .unknownTokenType(let type, let token):
      "token \(token) has type \(type), which is not one of 1 to 6"
    case .duplicateToken(let first, let second):
      "tokens \(first) and \(second) are spelled alike"
    case .missingByteToken(let byte):
      "no token spells the single byte \(byte), so not every text could be encoded"
    case .emptyAddedToken(let token):
      "token \(token) is to be found in text and has no bytes; convert the model again"
    case .addedTokenNotUTF8(let token):
      "token \(token) is to be found in text and is not UTF-8, so it could be found inside of characters; convert the "
        + "model again"
    case .addedTokenTooLong(let token, let byteCount, let limit):
      "token \(token) is to be found in text and has \(byteCount) bytes, but at most \(limit) are supported"
    case .malformedMerge(let merge):
      "merge \(merge) must be two pieces with one space between them"
    case .unknownMergeToken(let merge, let text):
      "merge \(merge) needs the token \(text.quoted), which is not in the vocabulary"
    case .duplicateMerge(let first, let second):
      "merges \(first) and \(second) join the same pair"
    case .unknownTokenID(let id, let tokenCount):
      "token id \(id) is not in the vocabulary of \(tokenCount) tokens"
    }
  }
}

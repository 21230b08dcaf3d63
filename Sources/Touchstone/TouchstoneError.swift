import ForeignText
import GGUF
import Qwen3
import Tokenization

/// Why a model could not be loaded or an input not be embedded. `description` is one sentence for a person;
/// it never quotes the input.
public enum TouchstoneError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be read as GGUF, or cannot be written.
  case file(GGUFError)
  /// The file is sound, but not a model that this engine runs.
  case model(path: String, ModelError)
  /// The file's vocabulary cannot be used.
  case vocabulary(path: String, VocabularyError)
  /// Input `index` has more tokens than fit, and truncation was not asked for.
  case inputTooLong(index: Int, tokens: Int, limit: Int)
  /// The instruction and the query, which the documents of a rerank call share, leave no room for a document.
  case queryTooLong(tokens: Int, limit: Int)
  /// Input `index` has an id that the model has no row for.
  case tokenIDOutOfRange(index: Int, id: Int32, vocabularySize: Int)
  /// Input `index` has no tokens, and the file asks for no end of text.
  case noTokens(index: Int)
  /// The vector or the score of input `index` is not finite.
  case notFinite(index: Int)
  /// The vector of input `index` has the length 0: it has no direction.
  case zeroLength(index: Int)
  /// An option is out of range.
  case invalidOption(String)
  /// A required library or processor feature is missing.
  case environment(String)
  /// The task was canceled.
  case cancelled

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .model(let path, let error): "\(path.escaped): \(error)"
    case .vocabulary(let path, let error): "\(path.escaped): \(error)"
    case .inputTooLong(let index, let tokens, let limit):
      "input \(index) has \(tokens) tokens, but the limit is \(limit); shorten it, or ask for truncation"
    case .queryTooLong(let tokens, let limit):
      "the instruction, the query and the prompt around them have \(tokens) tokens, and of the \(limit) that fit none is "
        + "left for a document; shorten the query"
    case .tokenIDOutOfRange(let index, let id, let vocabularySize):
      "input \(index): token id \(id) is outside of the vocabulary, 0 to \(vocabularySize - 1)"
    case .noTokens(let index):
      "input \(index) is empty, and the model file asks for no end of text: there is no token to embed"
    case .notFinite(let index):
      "input \(index): the model gives a result that is not finite; the file's weights are damaged"
    case .zeroLength(let index):
      "input \(index): the vector has length 0; the file is damaged or incomplete: download it again"
    case .invalidOption(let reason): reason
    case .environment(let reason): reason
    case .cancelled: "cancelled"
    }
  }

  /// Why the file at `path` is not a model for this engine.
  init(_ error: ModelError, path: String) {
    if case .file(let error) = error { self = .file(error) } else { self = .model(path: path, error) }
  }

  package static func openFile(_ path: String) throws(TouchstoneError) -> GGUFFile {
    do { return try GGUFFile.open(path: path) } catch { throw .file(error) }
  }
}

/// Why the vocabulary of a sound GGUF file cannot be used. `description` is one sentence for a person.
public enum VocabularyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The lists of tokens and merges contradict each other.
  case lists(TokenizationError)
  /// A tokenizer of another kind than byte-level BPE with the split pattern of Qwen.
  case otherTokenizer(key: String, found: String, needed: String)
  /// The file asks for texts in lower case, or the like.
  case otherNormalizer(key: String)
  /// The file gives a role, such as the end of text, to an id that the vocabulary does not have.
  case tokenOutOfRange(key: String, id: Int, tokenCount: Int)
  /// A reranker's prompt cannot be made.
  case missingControlToken(String)
  /// The tokens before the first special one do not spell every byte.
  case tooFewTextTokens(found: Int, needed: Int)

  public var description: String {
    switch self {
    case .lists(let error): error.description
    case .otherTokenizer(let key, let found, let needed):
      "\(key) is \(found.quoted), but this engine tokenizes '\(needed)' only; use a Qwen3-Embedding file"
    case .otherNormalizer(let key):
      "the file has the key \(key.quoted), but this engine changes texts to NFC and in no other way; use a "
        + "Qwen3-Embedding file"
    case .tokenOutOfRange(let key, let id, let tokenCount):
      "\(key) is \(id), but the vocabulary has the tokens 0 to \(tokenCount - 1); convert the model again"
    case .missingControlToken(let token):
      "the vocabulary has no control token '\(token)', of which a reranker's prompt is made; use a Qwen3-Reranker file"
    case .tooFewTextTokens(let found, let needed):
      "the first \(found) tokens are text, but a byte-level vocabulary needs at least \(needed); use a Qwen3-Embedding file"
    }
  }
}

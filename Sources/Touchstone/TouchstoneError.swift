import ForeignText
import GGUF
import Qwen3

/// Why a model could not be loaded or an input not be embedded. `description` is one sentence for a person;
/// it never quotes the input.
public enum TouchstoneError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be read as GGUF.
  case file(path: String, reason: String)
  /// The file is sound, but not a model that this engine runs.
  case model(path: String, reason: String)
  /// The file's vocabulary cannot be used.
  case vocabulary(path: String, reason: String)
  /// Input `index` has more tokens than fit, and truncation was not asked for.
  case inputTooLong(index: Int, tokens: Int, limit: Int)
  /// What the documents of a rerank call share, the instruction and the query, leaves no room for a document.
  case queryTooLong(tokens: Int, limit: Int)
  /// Input `index` has an id that the model has no row for.
  case tokenIDOutOfRange(index: Int, id: Int32, vocabularySize: Int)
  /// Input `index` has no tokens, and the file asks for no end of text.
  case noTokens(index: Int)
  /// The vector of input `index` has a component that is not a finite number, or its score is none.
  case notFinite(index: Int)
  /// The vector of input `index` has the length 0: it has no direction.
  case zeroLength(index: Int)
  case invalidOption(String)
  /// A library or processor feature that was asked for is not there.
  case environment(String)
  /// The task was cancelled.
  case cancelled

  public var description: String {
    switch self {
    case .file(_, let reason): reason
    case .model(let path, let reason): "\(path.escaped): \(reason)"
    case .vocabulary(let path, let reason): "\(path.escaped): \(reason)"
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

  /// What makes the file at `path` no model for this engine.
  init(_ error: ModelError, path: String) {
    if case .file(let error) = error {
      self = .file(path: path, reason: "\(error)")
    } else {
      self = .model(path: path, reason: "\(error)")
    }
  }

  package static func openFile(_ path: String) throws(TouchstoneError) -> GGUFFile {
    do { return try GGUFFile.open(path: path) } catch { throw .file(path: path, reason: "\(error)") }
  }
}

import GGUF
import Qwen3

/// Why a model could not be loaded or an input not be embedded. `description` is one sentence for a person.
public enum TouchstoneError: Error, Sendable, CustomStringConvertible {
  /// The file cannot be read as GGUF.
  case file(path: String, reason: String)
  /// The file is sound, but not a model this engine can run.
  case model(path: String, reason: String)
  /// The file's vocabulary cannot be used.
  case vocabulary(path: String, reason: String)
  case inputTooLong(index: Int, tokens: Int, limit: Int)
  case tokenIDOutOfRange(index: Int, id: Int32, vocabularySize: Int)
  case emptyTokenIDs(index: Int)
  case invalidOption(String)
  /// The float32 path needs OpenBLAS, which could not be loaded.
  case library(String)
  case cancelled

  public var description: String { "" }
}

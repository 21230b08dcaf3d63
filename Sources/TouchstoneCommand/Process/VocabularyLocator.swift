import Touchstone
import Workbench

/// Finds the vocabulary for a model to be made.
enum VocabularyLocator {
  static let repositoryVocabulary = "testdata/qwen2-vocab.gguf"

  /// The one in the file that is named, else Qwen's in the repository, else the 256 bytes.
  static func vocabulary(_ path: String?) throws -> SyntheticVocabulary {
    guard let path = path ?? ModelLocator.find(repositoryVocabulary) else { return .bytes }
    return try SyntheticVocabulary(path: path)
  }
}

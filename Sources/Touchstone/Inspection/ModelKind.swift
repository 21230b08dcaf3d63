import ForeignText
import GGUF
import Qwen3

/// What a file is for, as far as its metadata and tensors say.
public enum ModelKind: Sendable, Equatable {
  /// Texts become vectors.
  case embedding
  /// A query and a document become a score; `head` is nil where it cannot be used, and a warning says why.
  case reranker(head: RankHeadPlace?)
  /// Texts become token ids, and nothing more.
  case vocabulary
  /// A file that belongs to a model and is none.
  case companion(CompanionFile)
  /// An architecture that the engine does not run.
  case other

  /// - Returns: the kind, and what is wrong with the head of a reranker.
  static func of(_ file: GGUFFile, architecture: String?) -> (kind: ModelKind, error: RankHeadError?) {
    if let companion = CompanionFile(file.metadata) { return (.companion(companion), nil) }
    if file.tensors.isEmpty { return (.vocabulary, nil) }
    guard let architecture, architecture.hasBytes(of: ModelConfiguration.architecture) else {
      return (.other, nil)
    }
    guard RankHeadPlace.isReranker(file) else { return (.embedding, nil) }
    do {
      let tokens = try? file.metadata.arrayIfPresent("tokenizer.ggml.tokens")?.flatStrings()
      return (.reranker(head: try RankHeadPlace(file) { tokens?.firstIndex(spelled: $0) }), nil)
    } catch {
      guard case .rankHead(let error) = error else { return (.reranker(head: nil), nil) }
      return (.reranker(head: nil), error)
    }
  }
}

extension FlatStrings {
  func firstIndex(spelled text: String) -> Int? {
    (0..<count).first { self[$0].elementsEqual(text.utf8) }
  }
}

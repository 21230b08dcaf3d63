import ForeignText
import GGUF
import Qwen3

/// The use of a file, as far as its metadata and tensors say.
public enum ModelKind: Sendable, Equatable {
  /// Texts become vectors.
  case embedding
  /// A query and a document become a score; `head` is nil where it cannot be used, and a warning says why.
  case reranker(head: RerankerHead?)
  /// Texts become token ids, and nothing more.
  case vocabulary
  /// A file that belongs to a model and is none.
  case companion(CompanionFile)
  /// An architecture that the engine does not run.
  case other

  /// - Returns: the kind, and the fault of a reranker's head.
  static func of(_ file: GGUFFile, architecture: String?) -> (kind: ModelKind, error: RerankerHeadError?) {
    if let companion = CompanionFile(file.metadata) { return (.companion(companion), nil) }
    if file.tensors.isEmpty { return (.vocabulary, nil) }
    guard let architecture, architecture.hasBytes(of: ModelConfiguration.architecture) else {
      return (.other, nil)
    }
    guard RerankerHead.isReranker(file) else { return (.embedding, nil) }
    do {
      let tokens = try? file.metadata.arrayIfPresent("tokenizer.ggml.tokens")?.flatStrings()
      return (.reranker(head: try RerankerHead(file) { tokens?.firstIndex(spelled: $0) }), nil)
    } catch {
      guard case .rerankerHead(let error) = error else { return (.reranker(head: nil), nil) }
      return (.reranker(head: nil), error)
    }
  }
}

extension FlatStrings {
  func firstIndex(spelled text: String) -> Int? {
    (0..<count).first { self[$0].elementsEqual(text.utf8) }
  }
}

/// The very steps of loading a file, one by one, for their sentences: an inspection that finds no error has a
/// file that embeds or reranks.
struct LoadingSteps {
  /// Why the file is refused; empty where it is not.
  private(set) var errors: [String] = []
  /// nil where the file is refused before.
  private(set) var configuration: ModelConfiguration?

  init(_ file: GGUFFile, kind: ModelKind) {
    switch kind {
    case .companion(let kind): errors = [ModelError.companionFile(kind).description]
    case .vocabulary: _ = attempt { try VocabularyFile(file) }
    case .other: configuration = attempt { try ModelConfiguration(file) }
    case .embedding, .reranker: load(file, kind)
    }
  }

  private mutating func load(_ file: GGUFFile, _ kind: ModelKind) {
    configuration = attempt { try ModelConfiguration(file) }
    if let configuration { _ = attempt { try ModelWeights(file, configuration) } }
    let vocabulary = attempt { try VocabularyFile(file) }
    guard case .reranker = kind, let configuration, let vocabulary else { return }
    _ = attempt {
      let place = try RerankerHead(file) { vocabulary.tokenizer.vocabulary.token(spelled: $0) }
      _ = try RerankerHeadWeights(file, configuration, place)
    }
    _ = attempt { try RerankPrompt.check(vocabulary.tokenizer.vocabulary) }
  }

  private mutating func attempt<Value>(_ step: () throws -> Value) -> Value? {
    do {
      return try step()
    } catch let error as GGUFError {
      errors.append("\(error.reason)")
    } catch ModelError.file(let error) {
      errors.append("\(error.reason)")
    } catch {
      errors.append("\(error)")
    }
    return nil
  }
}

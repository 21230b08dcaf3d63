import GGUF
import Qwen3

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

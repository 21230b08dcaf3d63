import GGUF
import Qwen3

/// A model of the kind that its file says it is.
public enum AnyModel: Sendable {
  case embedding(EmbeddingModel)
  case reranker(RerankModel)

  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: the number of threads that compute. nil: as many as this process may run at once.
  ///   - multiplication: the arithmetic of float32 matrices. nil: as the environment says, else this engine's
  ///     own.
  public init(
    path: String, threads: Int? = nil, multiplication: FloatMultiplication? = nil
  ) throws(TouchstoneError) {
    try self.init(
      try TouchstoneError.openFile(path), path: path, threads: threads, multiplication: multiplication)
  }

  package init(
    _ file: GGUFFile, path: String, threads: Int?, multiplication: FloatMultiplication? = nil
  ) throws(TouchstoneError) {
    self =
      RankHeadPlace.isReranker(file)
      ? .reranker(try RerankModel(file, path: path, threads: threads, multiplication: multiplication))
      : .embedding(try EmbeddingModel(file, path: path, threads: threads, multiplication: multiplication))
  }

  /// What the file says of the model.
  public var configuration: ModelConfiguration { loaded.configuration }
  public var tokenizer: TextTokenizer { loaded.tokenizer }
  public var threadCount: Int { loaded.threadCount }
  /// The path that the model was loaded from.
  public var path: String { loaded.path }
  /// The size of all parts of the file that was loaded.
  package var byteCount: Int { loaded.file.byteCount }
  /// The storage of its weights, largest first.
  package var blockFormats: [BlockFormatUse] { BlockFormatUse.all(in: loaded.file.tensors) }

  /// What in the file differs from what the model was trained with.
  public var warnings: [ModelWarning] {
    switch self {
    case .embedding(let model): model.warnings
    case .reranker(let model): model.warnings
    }
  }

  private var loaded: LoadedModel {
    switch self {
    case .embedding(let model): model.model
    case .reranker(let model): model.model
    }
  }
}

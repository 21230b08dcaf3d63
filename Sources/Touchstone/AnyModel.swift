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
    try self.init(TouchstoneError.openFile(path), threads: threads, multiplication: multiplication)
  }

  package init(
    _ file: GGUFFile, threads: Int?, multiplication: FloatMultiplication? = nil
  ) throws(TouchstoneError) {
    self =
      RerankerHead.isReranker(file)
      ? .reranker(try RerankModel(file, threads: threads, multiplication: multiplication))
      : .embedding(try EmbeddingModel(file, threads: threads, multiplication: multiplication))
  }

  /// The name that the file gives the model.
  public var name: String? { configuration.name }
  /// The number of components of a state, and of an embedding model's whole vector.
  public var dimensions: Int { configuration.hiddenSize }
  /// The longest text that the model was trained for, in tokens.
  public var contextLength: Int { configuration.contextLength }
  public var layerCount: Int { configuration.layerCount }
  /// How the states of a text's tokens become its vector, as the file says; nil where it does not say.
  public var pooling: Pooling? { configuration.pooling }
  public var tokenizer: TextTokenizer { loaded.tokenizer }
  public var threadCount: Int { loaded.threadCount }
  /// The path that the model was loaded from.
  public var path: String { loaded.path }
  package var configuration: ModelConfiguration { loaded.configuration }
  /// The size of all parts of the file that was loaded.
  package var byteCount: Int { loaded.file.byteCount }
  /// The storage of its weights, largest first.
  package var blockFormats: [BlockFormatUse] { BlockFormatUse.all(in: loaded.file.tensors) }

  /// Where the file differs from the training of the model.
  public var warnings: [ModelWarning] {
    switch self {
    case .embedding(let model): model.warnings
    case .reranker(let model): model.warnings
    }
  }

  package var loaded: LoadedModel {
    switch self {
    case .embedding(let model): model.model
    case .reranker(let model): model.model
    }
  }
}

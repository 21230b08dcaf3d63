import GGUF
import Qwen3

/// A model that is ready to embed.
///
/// Loading maps the file into memory and checks it; weights are read when they are first used. A model may be
/// used from any number of threads: calls take turns, and each uses all of the model's threads.
public final class EmbeddingModel: Sendable {
  /// - Parameters:
  ///   - path: a GGUF file, or the first part of a split one.
  ///   - threads: how many threads compute. nil: as many as this process may run at once.
  public init(path: String, threads: Int? = nil) throws(TouchstoneError) { fatalError() }

  /// What the file says of the model.
  public var configuration: ModelConfiguration { fatalError() }
  public var tokenizer: TextTokenizer { fatalError() }
  public var threadCount: Int { fatalError() }

  /// Embeds `inputs` and returns one embedding for each, in their order.
  ///
  /// Blocks the calling thread. Stops between layers when the current task is cancelled.
  ///
  /// - Parameter progress: called with the number of inputs done so far, in order, from the calling thread.
  public func embed(
    _ inputs: [EmbeddingInput], options: EmbeddingOptions = EmbeddingOptions(),
    progress: (_ done: Int) -> Void = { _ in }
  ) throws(TouchstoneError) -> [Embedding] { fatalError() }
}

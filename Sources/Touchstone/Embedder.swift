import Dispatch
import Synchronization

/// A source of embeddings that does not block its caller: a model in this process, a service's scheduler, a
/// stand-in in a test.
public protocol Embedder: Sendable {
  /// The number of components of a whole vector.
  var dimensions: Int { get }

  /// Embeds `inputs` and returns one embedding for each, in their order.
  ///
  /// The vectors do not depend on the inputs of this call or of others. A canceled task ends the work between
  /// layers.
  func embeddings(of inputs: [EmbeddingInput], options: EmbeddingOptions) async throws -> [Embedding]
}

extension Embedder {
  /// The same with the default options.
  public func embeddings(of inputs: [EmbeddingInput]) async throws -> [Embedding] {
    try await embeddings(of: inputs, options: EmbeddingOptions())
  }
}

extension EmbeddingModel: Embedder {
  public var dimensions: Int { configuration.hiddenSize }

  /// ``embed(_:options:shouldContinue:progress:)`` on a thread of its own: the caller's executor stays free.
  ///
  /// - Throws: ``TouchstoneError``; ``TouchstoneError/cancelled`` when the current task is canceled.
  public func embeddings(
    of inputs: [EmbeddingInput], options: EmbeddingOptions
  ) async throws(TouchstoneError) -> [Embedding] {
    try await OwnThread.run { (shouldContinue) throws(TouchstoneError) in
      try self.embed(inputs, options: options, clock: nil, shouldContinue: shouldContinue)
    }
  }
}

extension RerankModel {
  /// ``rerank(query:instruction:documents:options:shouldContinue:progress:)`` on a thread of its own: the
  /// caller's executor stays free.
  ///
  /// - Throws: ``TouchstoneError``; ``TouchstoneError/cancelled`` when the current task is canceled.
  public func scores(
    of documents: [String], for query: String, instruction: String = RerankModel.defaultInstruction,
    options: RerankOptions = RerankOptions()
  ) async throws(TouchstoneError) -> [RerankScore] {
    try await OwnThread.run { (shouldContinue) throws(TouchstoneError) in
      try self.rerank(
        query: query, instruction: instruction, documents: documents, options: options,
        shouldContinue: shouldContinue)
    }
  }
}

/// Runs blocking work of a model outside of Swift's cooperative threads, which must not wait.
private enum OwnThread {
  private static let queue = DispatchQueue(label: "touchstone.embed", attributes: .concurrent)

  static func run<Result: Sendable>(
    _ work: @escaping @Sendable (_ shouldContinue: @escaping () -> Bool) throws(TouchstoneError) -> Result
  ) async throws(TouchstoneError) -> Result {
    let flag = CancellationFlag()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          do throws(TouchstoneError) {
            continuation.resume(
              returning: Swift.Result<Result, TouchstoneError>.success(try work { !flag.isSet }))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
    } onCancel: {
      flag.set()
    }
    return try result.get()
  }
}

/// Set once, when a task is canceled, and read by the thread that works for it.
private final class CancellationFlag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

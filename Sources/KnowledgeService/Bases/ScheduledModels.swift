import Knowledge
import Touchstone
import TouchstoneServer

/// A served model as a base uses it: its texts stand in the service's queue beside everybody else's.
struct ScheduledEmbedder: Embedder {
  let service: InferenceService
  /// The name by which the model is served.
  let model: String
  let dimensions: Int
  let pooling: Pooling
  /// Who waits for a search. nil: work in the background, which waits where the queue is full.
  let caller: Caller?

  /// Bytes of texts that go into the queue at once. They have fewer tokens than bytes, and the queue has
  /// room.
  private static let partBytes = 48 << 10

  func embeddings(of inputs: [EmbeddingInput], options: EmbeddingOptions) async throws -> [Embedding] {
    var results: [Embedding] = []
    results.reserveCapacity(inputs.count)
    var part: [EmbeddingInput] = []
    var bytes = 0
    for input in inputs {
      if case .text(let text) = input.content {
        if !part.isEmpty, bytes + text.utf8.count > Self.partBytes {
          results += try await embed(part, options)
          (part, bytes) = ([], 0)
        }
        bytes += text.utf8.count
      }
      part.append(input)
    }
    if !part.isEmpty { results += try await embed(part, options) }
    return results
  }

  private func embed(_ inputs: [EmbeddingInput], _ options: EmbeddingOptions) async throws -> [Embedding] {
    var request = EmbeddingRequest(model: model, inputs: inputs)
    request.dimensions = options.dimensions
    request.normalization = options.normalization
    request.truncation = options.truncation
    request.activations = options.activations
    request.pooling = pooling
    while true {
      try Task.checkCancellation()
      do {
        return try await CallerTask.run(caller) { try await service.embed(request, for: $0) }.results
      } catch let error as ServiceError {
        // Work in the background has time: the queue empties, models get loaded.
        guard caller == nil, error.isPassing else { throw error }
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }
}

extension ServiceError {
  fileprivate var isPassing: Bool {
    switch self {
    case .overloaded, .unavailable, .tookTooLong: true
    default: false
    }
  }
}

/// The first served reranker.
struct ScheduledReranker: PassageReranker {
  let service: InferenceService
  let model: String
  let caller: Caller?

  /// Logits' differences, which tell passages apart where probabilities are too near to 0 or 1.
  func scores(of passages: [String], for query: String) async throws -> [Double] {
    var request = RerankRequest(model: model, query: query, documents: passages)
    request.truncation = .right
    return try await CallerTask.run(caller) { [request] in try await service.rerank(request, for: $0) }
      .results.map(\.logitDifference)
  }
}

/// Has the work of the queue end with the task that waits for it, as with its client.
private enum CallerTask {
  private static let background = ClientID("knowledge bases")

  static func run<Result: Sendable>(
    _ caller: Caller?, _ body: (Caller) async throws -> Result
  ) async throws -> Result {
    let presence = ClientPresence()
    caller?.presence.onLeaving { [weak presence] in presence?.leave(.disconnected) }
    let own = Caller(
      client: caller?.client ?? background, presence: presence, deadline: caller?.deadline,
      memory: caller?.memory)
    return try await withTaskCancellationHandler {
      try await body(own)
    } onCancel: {
      presence.leave(.disconnected)
    }
  }
}

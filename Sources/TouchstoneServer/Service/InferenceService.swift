import Touchstone

/// What all dialects stand on: requests in, vectors or scores out, whatever the protocol.
package final class InferenceService: Sendable {
  package let settings: ServiceSettings
  package let registry: ModelRegistry
  package let scheduler: Scheduler
  package let observer: any ServiceObserver
  package let memory: MemoryBudget
  let cache: VectorCache?

  package init(settings: ServiceSettings, observer: any ServiceObserver = ServiceObservers()) {
    self.settings = settings
    self.observer = observer
    memory = MemoryBudget(limit: settings.limits.requestMemoryBytes)
    cache = settings.cacheBytes > 0 ? VectorCache(byteLimit: settings.cacheBytes) : nil
    registry = ModelRegistry(acceptsAnyName: settings.acceptsAnyModel)
    scheduler = Scheduler(
      policy: settings.scheduling, queuedTokens: settings.limits.queuedTokens, observer: observer)
  }

  /// The most tokens of one input.
  func longestInput(of configuration: ModelConfiguration) -> Int {
    min(settings.limits.tokensPerInput ?? configuration.contextLength, configuration.contextLength)
  }
}

extension ServiceError {
  /// What an error of the engine means to a client.
  init(_ error: TouchstoneError) {
    switch error {
    case .inputTooLong(let index, let tokens, let limit):
      self = .inputTooLong(index: index, tokens: tokens, limit: limit)
    case .queryTooLong: self = .invalid(parameter: "query", error.description)
    case .tokenIDOutOfRange, .noTokens: self = .invalid(parameter: "input", error.description)
    case .invalidOption(let sentence): self = .invalid(parameter: "options", sentence)
    case .notFinite, .zeroLength, .file, .model, .vocabulary, .environment, .cancelled:
      self = .engine(error.description)
    }
  }
}

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
      policy: settings.scheduling, queuedTokens: settings.limits.queuedTokens,
      requestTimeout: settings.limits.requestTimeout, observer: observer)
  }

  /// The most tokens of one input.
  func longestInput(of configuration: ModelConfiguration) -> Int {
    min(settings.limits.tokensPerInput ?? configuration.contextLength, configuration.contextLength)
  }
}

extension ServiceError {
  /// What an error of the engine means to a client.
  ///
  /// - Parameter place: what the request calls its inputs.
  init(_ error: TouchstoneError, of place: InputPlace = .inputs) {
    switch error {
    case .inputTooLong(let index, let tokens, let limit):
      self = .inputTooLong(place.length(index: index, .tokens(tokens), limit: limit))
    case .queryTooLong: self = .invalid(parameter: "query", error.description)
    case .tokenIDOutOfRange, .noTokens: self = .invalid(parameter: "input", error.description)
    case .invalidOption(let sentence): self = .invalid(parameter: "options", sentence)
    case .notFinite, .zeroLength, .file, .model, .vocabulary, .environment, .cancelled:
      self = .engine(error.description)
    }
  }
}

/// What a request calls the texts that do not fit.
enum InputPlace {
  /// Texts to embed: `input 0`.
  case inputs
  /// Texts of an array of the request: `documents[0]`.
  case elements(of: String)

  func length(
    index: Int, _ size: ServiceError.InputLength.Size, limit: Int
  ) -> ServiceError.InputLength {
    switch self {
    case .inputs: .init(subject: "input \(index)", parameter: "input", size: size, limit: limit)
    case .elements(let name):
      .init(subject: "\(name)[\(index)]", parameter: "\(name)[\(index)]", size: size, limit: limit)
    }
  }

  /// Refuses a text whose bytes cannot be so few tokens, before anybody spends time on it.
  func check(
    _ text: String, index: Int, limit: Int, longestTokenBytes: Int
  ) throws(ServiceError) {
    let count = text.utf8.count
    let most = limit * longestTokenBytes
    // Composition (NFC) makes a text shorter, but never to less than a quarter; ASCII is never composed.
    guard count > most, count > 4 * most || text.utf8.allSatisfy({ $0 < 0x80 }) else { return }
    throw .inputTooLong(length(index: index, .bytes(count), limit: limit))
  }
}

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
  package func longestInput(of configuration: ModelConfiguration) -> Int {
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

/// How the service embeds where a request says nothing.
package struct ServiceSettings: Sendable {
  package var activations = ActivationPrecision.i16
  /// nil: as the model's file says.
  package var pooling: Pooling?
  package var truncation = Truncation.error
  /// The task of queries that name none.
  package var queryTask = EmbeddingRole.defaultTask
  /// Whether a request for an unknown model gets the first one.
  package var acceptsAnyModel = false
  /// Whether OpenAI's clients may send token ids. Most of them send those of another vocabulary, without
  /// being told to.
  package var acceptsTokenIDs = false
  package var limits = Limits()
  package var scheduling = SchedulingPolicy()
  /// Bytes of vectors kept for texts that come again; 0: none.
  package var cacheBytes = 0

  package init() {}

  /// The role of a query that names no task of its own.
  package var queryRole: EmbeddingRole { .query(task: queryTask) }
}

/// What is left of the tokens that one request may have, whether it is computed or only tokenized.
struct TokenAllowance {
  private let limit: Int
  private var taken = 0

  /// - Parameters:
  ///   - inputs: how many the request has.
  ///   - parameter: what it calls them.
  /// - Throws: ``ServiceError`` where they are more than a request may have.
  init(_ limits: Limits, inputs: Int = 1, of parameter: String = "input") throws(ServiceError) {
    guard inputs <= limits.inputsPerRequest else {
      throw .tooManyInputs(parameter: parameter, count: inputs, limit: limits.inputsPerRequest)
    }
    limit = limits.tokensPerRequest
  }

  /// - Throws: ``ServiceError`` where the request has more tokens with these than it may have.
  mutating func take(_ count: Int) throws(ServiceError) {
    taken += count
    guard taken <= limit else {
      throw .tooMany("the request has more than \(limit) tokens, which is the limit; send several")
    }
  }
}

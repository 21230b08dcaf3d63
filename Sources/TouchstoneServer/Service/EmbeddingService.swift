import Touchstone

/// What all dialects stand on: requests in, vectors out, whatever the protocol.
package final class EmbeddingService: Sendable {
  package let settings: ServiceSettings
  package let registry: ModelRegistry
  package let scheduler: Scheduler
  package let observer: any ServiceObserver

  package init(settings: ServiceSettings, observer: any ServiceObserver = ServiceObservers()) {
    self.settings = settings
    self.observer = observer
    registry = ModelRegistry(acceptsAnyName: settings.acceptsAnyModel)
    scheduler = Scheduler(
      policy: settings.scheduling, queuedTokens: settings.limits.queuedTokens, observer: observer)
  }

  /// - Throws: ``ServiceError``; `CancellationError` when the caller has gone.
  package func embed(_ request: EmbeddingRequest, for caller: Caller) async throws -> EmbeddingAnswer {
    let (served, asQuery) = try registry.model(named: request.model)
    let plan = try plan(request, for: served)
    var timings = RequestTimings()
    let clock = ContinuousClock()
    let start = clock.now
    let prepared = try await prepare(request, plan, served, asQuery: asQuery, caller)
    timings.tokenization = clock.now - start
    let job = Job(
      model: served.model, client: caller.client, pooling: plan.pooling, activations: settings.activations,
      sequences: prepared.map(\.sequence))
    let result = try await scheduler.run(job, for: caller.presence)
    timings.queue = result.queueTime
    timings.inference = result.inferenceTime
    do {
      let embeddings = try zip(result.states, prepared).map { try plan.embedding(from: $0, of: $1) }
      return EmbeddingAnswer(model: served.name, embeddings: embeddings, timings: timings)
    } catch let error as TouchstoneError {
      throw ServiceError(error)
    }
  }

  /// The request's options, checked against the model and the limits.
  private func plan(
    _ request: EmbeddingRequest, for served: ServedModel
  ) throws(ServiceError) -> EmbeddingPlan {
    let limits = settings.limits
    guard !request.inputs.isEmpty else { throw .invalid(parameter: "input", "there is nothing to embed") }
    guard request.inputs.count <= limits.inputsPerRequest else {
      throw .tooMany(
        "the request has \(request.inputs.count) inputs, but the limit is \(limits.inputsPerRequest); send several"
      )
    }
    let configuration = served.model.configuration
    if let dimensions = request.dimensions, !(1...configuration.hiddenSize).contains(dimensions) {
      throw .invalid(
        parameter: "dimensions",
        "found \(dimensions), but this model's vectors have 1 to \(configuration.hiddenSize)")
    }
    let longest = min(limits.tokensPerInput ?? configuration.contextLength, configuration.contextLength)
    if let maximum = request.maximumTokens, !(1...longest).contains(maximum) {
      throw .invalid(
        parameter: "max_tokens", "found \(maximum), but an input may have 1 to \(longest) tokens here")
    }
    var options = EmbeddingOptions()
    options.activations = settings.activations
    options.dimensions = request.dimensions
    options.pooling = request.pooling ?? settings.pooling
    options.normalization = request.normalization
    options.maximumTokens = request.maximumTokens ?? longest
    options.truncation = request.truncation ?? settings.truncation
    do { return try EmbeddingPlan(options, configuration) } catch { throw ServiceError(error) }
  }

  private func prepare(
    _ request: EmbeddingRequest, _ plan: EmbeddingPlan, _ served: ServedModel, asQuery: Bool,
    _ caller: Caller
  ) async throws -> [PreparedInput] {
    var instructions = InstructionTokens()
    var prepared: [PreparedInput] = []
    prepared.reserveCapacity(request.inputs.count)
    var tokens = 0
    var numbers = 0
    for (index, input) in request.inputs.enumerated() {
      if caller.presence.isGone { throw CancellationError() }
      var input = input
      if asQuery, input.role == .document { input.role = settings.queryRole }
      do {
        prepared.append(
          try plan.prepare(
            input, index: index, tokenizer: served.model.tokenizer, instructions: &instructions))
      } catch { throw ServiceError(error) }
      tokens += prepared[index].tokenCount
      numbers += plan.dimensions * (plan.pooling == .none ? prepared[index].tokenCount : 1)
      try checkSize(tokens: tokens, numbers: numbers)
      // One text may take a millisecond; others wait for this thread.
      await Task.yield()
    }
    return prepared
  }

  private func checkSize(tokens: Int, numbers: Int) throws(ServiceError) {
    let limits = settings.limits
    guard tokens <= limits.tokensPerRequest else {
      throw .tooMany(
        "the request has more than \(limits.tokensPerRequest) tokens, which is the limit; send several")
    }
    guard numbers <= limits.numbersPerAnswer else {
      throw .tooMany(
        "the answer would have more than \(limits.numbersPerAnswer) numbers, which is the limit; send several requests"
      )
    }
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
    case .notFinite, .file, .model, .vocabulary, .environment, .cancelled:
      self = .engine(error.description)
    }
  }
}

import Touchstone

extension InferenceService {
  /// Texts to vectors.
  ///
  /// - Throws: ``ServiceError``; `CancellationError` when the caller has gone.
  package func embed(_ request: EmbeddingRequest, for caller: Caller) async throws -> EmbeddingAnswer {
    let embedder = try registry.embedder(named: request.model)
    var allowance = try TokenAllowance(settings.limits, inputs: request.inputs.count)
    let plan = try plan(request, for: embedder.model)
    var timings = RequestTimings()
    let clock = ContinuousClock()
    let start = clock.now
    let prepared = try await prepare(request, plan, embedder, caller, &allowance)
    timings.tokenization = clock.now - start
    try caller.memory?.grow(by: Self.answerBytes(plan, prepared))
    let states = try await states(
      of: prepared, plan, request.activations ?? settings.activations, embedder.model, caller, &timings)
    do {
      let embeddings = try zip(states, prepared).map { try plan.embedding(from: $0, of: $1) }
      return EmbeddingAnswer(model: embedder.served.name, results: embeddings, timings: timings)
    } catch let error as TouchstoneError {
      throw ServiceError(error)
    }
  }

  /// The pooled states of the inputs: from the cache, or from the model.
  private func states(
    of inputs: [PreparedInput], _ plan: EmbeddingPlan, _ activations: ActivationPrecision,
    _ model: EmbeddingModel, _ caller: Caller, _ timings: inout RequestTimings
  ) async throws -> [[[Float]]] {
    let cache = plan.pooling == .none ? nil : cache
    let keys = inputs.map {
      VectorCache.Key(
        model: ObjectIdentifier(model), pooling: plan.pooling, activations: activations,
        ids: $0.sequence.ids)
    }
    var states = keys.map { key in cache?[key].map { [$0] } }
    let missing = states.indices.filter { states[$0] == nil }
    if cache != nil {
      observer.record(.cacheLookedUp(hits: states.count - missing.count, misses: missing.count))
    }
    if !missing.isEmpty {
      let job = Job(
        model: model.model, client: caller.client, pooling: plan.pooling, activations: activations,
        sequences: missing.map { inputs[$0].sequence })
      let result = try await scheduler.run(job, for: caller.presence, until: caller.deadline)
      timings.queue = result.queueTime
      timings.inference = result.inferenceTime
      for (index, state) in zip(missing, result.states) {
        states[index] = state
        if let cache, let row = state.first { cache.insert(row, for: keys[index]) }
      }
    }
    return states.compactMap(\.self)
  }

  /// States, vectors and their text: four bytes each for the first two, about twelve for the last.
  private static func answerBytes(_ plan: EmbeddingPlan, _ inputs: [PreparedInput]) -> Int {
    let vectors = plan.pooling == .none ? inputs.reduce(0) { $0 + $1.tokenCount } : inputs.count
    return 20 * vectors * plan.dimensions
  }

  /// The request's options, checked against the model and the limits.
  private func plan(
    _ request: EmbeddingRequest, for model: EmbeddingModel
  ) throws(ServiceError) -> EmbeddingPlan {
    guard !request.inputs.isEmpty else { throw .invalid(parameter: "input", "there is nothing to embed") }
    let configuration = model.configuration
    if let dimensions = request.dimensions, !(1...configuration.hiddenSize).contains(dimensions) {
      throw .invalid(
        parameter: "dimensions",
        "found \(dimensions), but this model's vectors have 1 to \(configuration.hiddenSize)")
    }
    let longest = longestInput(of: configuration)
    if let maximum = request.maximumTokens, !(1...longest).contains(maximum) {
      throw .invalid(
        parameter: "max_tokens", "found \(maximum), but an input may have 1 to \(longest) tokens here")
    }
    var options = EmbeddingOptions()
    options.activations = request.activations ?? settings.activations
    options.dimensions = request.dimensions
    options.pooling = request.pooling ?? settings.pooling
    options.normalization = request.normalization
    options.maximumTokens = request.maximumTokens ?? longest
    options.truncation = request.truncation ?? settings.truncation
    do { return try EmbeddingPlan(options, configuration) } catch { throw ServiceError(error) }
  }

  private func prepare(
    _ request: EmbeddingRequest, _ plan: EmbeddingPlan, _ embedder: ServedEmbedder, _ caller: Caller,
    _ allowance: inout TokenAllowance
  ) async throws -> [PreparedInput] {
    var instructions = InstructionTokens()
    var prepared: [PreparedInput] = []
    prepared.reserveCapacity(request.inputs.count)
    var numbers = 0
    for (index, input) in request.inputs.enumerated() {
      try caller.checkPresence()
      var input = input
      if embedder.asQuery, input.role == .document { input.role = settings.queryRole }
      if plan.truncation == .error {
        try Self.checkLength(of: input, index: index, plan, embedder.served)
      }
      do {
        prepared.append(
          try plan.prepare(
            input, index: index, tokenizer: embedder.model.tokenizer, instructions: &instructions))
      } catch { throw ServiceError(error) }
      try allowance.take(prepared[index].tokenCount)
      numbers += plan.dimensions * (plan.pooling == .none ? prepared[index].tokenCount : 1)
      try checkNumbers(numbers)
      // One text may take a millisecond or more; others wait for this thread.
      await Task.yield()
    }
    return prepared
  }

  /// Refuses an input that cannot fit before it is tokenized.
  private static func checkLength(
    of input: EmbeddingInput, index: Int, _ plan: EmbeddingPlan, _ served: ServedModel
  ) throws(ServiceError) {
    let limit = plan.limits.maximum
    switch input.content {
    case .text(let text):
      try InputPlace.inputs.check(
        text, index: index, limit: limit, longestTokenBytes: served.longestTokenBytes)
    case .tokenIDs(let ids) where ids.count > limit:
      throw .inputTooLong(InputPlace.inputs.length(index: index, .tokens(ids.count), limit: limit))
    case .tokenIDs: break
    }
  }

  private func checkNumbers(_ numbers: Int) throws(ServiceError) {
    guard numbers <= settings.limits.numbersPerAnswer else {
      throw .tooMany(
        "the answer would have more than \(settings.limits.numbersPerAnswer) numbers, which is the limit; send several requests"
      )
    }
  }
}

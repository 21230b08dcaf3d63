import Touchstone

extension InferenceService {
  /// A query and documents to scores.
  ///
  /// - Throws: ``ServiceError``; `CancellationError` when the caller has gone.
  package func rerank(_ request: RerankRequest, for caller: Caller) async throws -> RerankAnswer {
    let reranker = try registry.reranker(named: request.model)
    var timings = RequestTimings()
    let clock = ContinuousClock()
    let start = clock.now
    let inputs = try await prepare(request, reranker, caller)
    timings.tokenization = clock.now - start
    let result = try await scheduler.run(
      job(for: inputs, reranker.model, caller), for: caller.presence, until: caller.deadline)
    timings.queue = result.queueTime
    timings.inference = result.inferenceTime
    do {
      let scores = try zip(inputs, result.states).map { try reranker.model.score(of: $0, $1[0]) }
      return RerankAnswer(model: reranker.served.name, results: scores, timings: timings)
    } catch let error as TouchstoneError {
      throw ServiceError(error)
    }
  }

  private func job(for inputs: [PreparedInput], _ model: RerankModel, _ caller: Caller) -> Job {
    Job(
      model: model.model, client: caller.client, pooling: .last, activations: settings.activations,
      sequences: inputs.map(\.sequence))
  }

  /// The prompts of all documents.
  private func prepare(
    _ request: RerankRequest, _ reranker: ServedReranker, _ caller: Caller
  ) async throws -> [PreparedInput] {
    let model = reranker.model
    var allowance = try TokenAllowance(settings.limits, inputs: request.documents.count, of: "documents")
    var options = RerankOptions()
    let limit = longestInput(of: model.configuration)
    options.maximumTokens = limit
    options.truncation = request.truncation ?? settings.truncation
    var inputs: [PreparedInput] = []
    inputs.reserveCapacity(request.documents.count)
    do {
      try checkQuery(request.query, limit: limit, reranker.served)
      let plan = try model.plan(
        query: request.query, instruction: request.instruction ?? settings.queryTask, options: options)
      for (index, document) in request.documents.enumerated() {
        try caller.checkPresence()
        if options.truncation == .error {
          try InputPlace.documents.check(
            document, index: index, limit: limit, longestTokenBytes: reranker.served.longestTokenBytes)
        }
        let input = try plan.prepare(document, index: index)
        try allowance.take(input.tokenCount - (index == 0 ? 0 : plan.sharedTokenCount))
        // Every document's ids hold a copy of the query's, which may be long where the documents are many.
        try caller.memory?.grow(by: MemoryLayout<Int32>.size * input.tokenCount)
        inputs.append(input)
        // One document may take a millisecond; others wait for this thread.
        await Task.yield()
      }
    } catch let error as TouchstoneError {
      throw ServiceError(error, of: .documents)
    }
    return inputs
  }

  /// Refuses a query that leaves no room for a document before it is tokenized. A query is never cut.
  private func checkQuery(_ query: String, limit: Int, _ served: ServedModel) throws(ServiceError) {
    do {
      try InputPlace.documents.check(
        query, index: 0, limit: limit, longestTokenBytes: served.longestTokenBytes)
    } catch {
      throw .invalid(
        parameter: "query",
        "has \(query.utf8.count) bytes, which are more than \(limit) tokens, the limit, can hold; shorten the query")
    }
  }
}

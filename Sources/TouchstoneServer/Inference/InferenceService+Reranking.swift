import ForeignText
import Touchstone

extension InferenceService {
  /// A query and documents to scores.
  ///
  /// - Throws: ``ServiceError``; `CancellationError` when the caller has gone.
  package func rerank(_ request: RerankRequest, for caller: Caller) async throws -> RerankAnswer {
    let reranker = try registry.reranker(named: request.model)
    let work = PairWork(
      pairs: request.documents.map { ScoreRequest.Pair(request.query, $0) }, first: "query",
      second: "documents", instruction: request.instruction, truncation: request.truncation,
      maximumSecondTokens: request.maximumDocumentTokens)
    return try await scores(of: work, reranker, caller)
  }

  /// Pairs of texts to scores: a reranker's, or cosines of the vectors of a model that embeds.
  ///
  /// - Throws: ``ServiceError``; `CancellationError` when the caller has gone.
  package func score(_ request: ScoreRequest, for caller: Caller) async throws -> ScoreAnswer {
    switch try registry.scorer(named: request.model) {
    case .reranker(let reranker):
      let work = PairWork(
        pairs: request.pairs, first: "text_1", second: "text_2", instruction: request.instruction,
        truncation: request.truncation, maximumTokens: request.maximumTokens)
      let answer = try await scores(of: work, reranker, caller)
      return ScoreAnswer(
        model: answer.model, results: answer.results.map { PairScore($0, score: $0.score) },
        timings: answer.timings)
    case .embedder(let embedder):
      // Each text once: one is often compared with many.
      var inputs: [EmbeddingInput] = []
      var places: [[UInt8]: Int] = [:]
      func place(_ text: String) -> Int {
        let key = Array(text.utf8)
        if let known = places[key] { return known }
        places[key] = inputs.count
        inputs.append(EmbeddingInput(text))
        return inputs.count - 1
      }
      let pairs = request.pairs.map { (first: place($0.first), second: place($0.second)) }
      var embedding = EmbeddingRequest(model: embedder.served.name, inputs: inputs)
      embedding.truncation = request.truncation
      embedding.maximumTokens = request.maximumTokens
      let answer = try await embed(embedding, for: caller)
      return ScoreAnswer(
        model: answer.model,
        results: pairs.map { pair in
          PairScore(answer.results[pair.first], answer.results[pair.second])
        }, timings: answer.timings)
    }
  }

  private func scores(
    of work: PairWork, _ reranker: ServedReranker, _ caller: Caller
  ) async throws -> RerankAnswer {
    var timings = RequestTimings()
    let clock = ContinuousClock()
    let start = clock.now
    let inputs = try await prepare(work, reranker, caller)
    timings.tokenization = clock.now - start
    let result = try await scheduler.run(
      Job(
        model: reranker.model.model, client: caller.client, pooling: .last,
        activations: settings.activations, sequences: inputs.map(\.sequence)),
      for: caller.presence, until: caller.deadline)
    timings.queue = result.queueTime
    timings.inference = result.inferenceTime
    do {
      let scores = try zip(inputs, result.states).map { try reranker.model.score(of: $0, $1[0]) }
      return RerankAnswer(model: reranker.served.name, results: scores, timings: timings)
    } catch let error as TouchstoneError {
      throw ServiceError(error)
    }
  }

  /// The prompts of all pairs.
  private func prepare(
    _ work: PairWork, _ reranker: ServedReranker, _ caller: Caller
  ) async throws -> [PreparedInput] {
    var allowance = try TokenAllowance(settings.limits, inputs: work.pairs.count, of: work.second)
    let place = InputPlace.elements(of: work.second)
    let longest = longestInput(of: reranker.model.configuration)
    let limit = min(work.maximumTokens ?? longest, longest)
    let truncation = work.truncation ?? settings.truncation
    var inputs: [PreparedInput] = []
    inputs.reserveCapacity(work.pairs.count)
    var plan: (query: String, plan: RerankPlan)?
    do {
      for (index, pair) in work.pairs.enumerated() {
        try caller.checkPresence()
        // Many pairs have the same first text: it is tokenized once.
        let isShared = plan.map { $0.query.hasBytes(of: pair.first) } ?? false
        if !isShared {
          try check(pair.first, limit: limit, work, reranker.served)
          plan = (pair.first, try self.plan(for: pair.first, work, limit: limit, truncation, reranker.model))
        }
        guard let plan = plan?.plan else { continue }
        if truncation == .error, work.maximumSecondTokens == nil {
          try place.check(
            pair.second, index: index, limit: limit, longestTokenBytes: reranker.served.longestTokenBytes)
        }
        let input = try plan.prepare(pair.second, index: index)
        try allowance.take(input.tokenCount - (isShared ? plan.sharedTokenCount : 0))
        // Every document's ids hold a copy of the query's, which may be long where the documents are many.
        try caller.memory?.grow(by: MemoryLayout<Int32>.size * input.tokenCount)
        inputs.append(input)
        // One document may take a millisecond; others wait for this thread.
        await Task.yield()
      }
    } catch let error as TouchstoneError {
      throw ServiceError(error, of: place)
    }
    return inputs
  }

  private func plan(
    for query: String, _ work: PairWork, limit: Int, _ truncation: Truncation, _ model: RerankModel
  ) throws(TouchstoneError) -> RerankPlan {
    let instruction = work.instruction ?? settings.queryTask
    func plan(limit: Int, _ truncation: Truncation) throws(TouchstoneError) -> RerankPlan {
      var options = RerankOptions()
      options.maximumTokens = limit
      options.truncation = truncation
      return try model.plan(query: query, instruction: instruction, options: options)
    }
    let whole = try plan(limit: limit, truncation)
    guard let most = work.maximumSecondTokens else { return whole }
    // An empty document still has the space that parts it from the prompt.
    let frame = try whole.prepare("", index: 0).tokenCount - model.tokenizer.plainTokenIDs(of: " ").count
    // What is cut off is what the request asked for, so that it is no error.
    return try plan(limit: min(frame + most, limit), truncation == .left ? .left : .right)
  }

  /// Refuses a query that leaves no room for a document before it is tokenized. A query is never cut.
  private func check(
    _ query: String, limit: Int, _ work: PairWork, _ served: ServedModel
  ) throws(ServiceError) {
    do {
      try InputPlace.inputs.check(
        query, index: 0, limit: limit, longestTokenBytes: served.longestTokenBytes)
    } catch {
      throw .invalid(
        parameter: work.first,
        "has \(query.utf8.count) bytes, which are more than \(limit) tokens, the limit, can hold; shorten it")
    }
  }
}

/// Pairs of texts for a reranker, in the words of the request that has them.
private struct PairWork {
  var pairs: [ScoreRequest.Pair]
  /// What the request calls the first text and the second one.
  var first: String
  var second: String
  var instruction: String?
  var truncation: Truncation?
  var maximumTokens: Int?
  /// Of the second text alone.
  var maximumSecondTokens: Int?
}

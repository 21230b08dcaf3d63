/// The second stage: reads query and passage together.
package protocol PassageReranker: Sendable {
  /// One score for each passage, more is better. A canceled task ends soon with an error.
  func scores(of passages: [String], for query: String) async throws -> [Double]
}

/// How a question is answered.
package struct SearchOptions: Sendable {
  package enum Mode: String, Sendable, CaseIterable { case hybrid, vectors, keywords }

  package var mode = Mode.hybrid
  package var top = 10
  package var filter = SearchFilter()
  /// How many passages a reranker reads, at most.
  package var rerankDepth = 20
  /// The time that a reranker has. nil: as long as it takes.
  package var rerankBudget: Duration?

  package init() {}
}

package struct SearchHit: Sendable, Equatable {
  package var passage: Passage
  /// Of the stored bytes; nil where only keywords found the passage.
  package var cosine: Double?
  /// From 1; nil where only its vector found the passage.
  package var keywordRank: Int?
  /// From 1, before the second stage.
  package var fusedRank: Int
  /// nil where no reranker read the passage.
  package var rerankScore: Double?
}

package struct SearchResult: Sendable {
  package var query: String
  package var hits: [SearchHit] = []
  /// Passages that the reranker was to read and did not in its time; they follow those with a score.
  package var unscored = 0
}

/// Finds passages by vectors and keywords, joins both lists by reciprocal ranks, and has a reranker order the
/// best.
package struct Searcher: Sendable {
  package var source: any PassageSource
  /// nil: keywords only.
  package var model: KnowledgeModel?
  package var reranker: (any PassageReranker)?

  package init(source: any PassageSource, model: KnowledgeModel?, reranker: (any PassageReranker)? = nil) {
    self.source = source
    self.model = model
    self.reranker = reranker
  }

  package func search(_ query: String, _ options: SearchOptions) async throws -> SearchResult {
    let depth = max(50, 2 * options.top, options.rerankDepth)
    var near: [(id: Int64, cosine: Double)] = []
    var words: [Int64] = []
    if options.mode != .keywords {
      guard let model else { throw KnowledgeError.option("a search by vectors needs a model") }
      guard model.identity.fingerprint == source.model.fingerprint else {
        throw KnowledgeError.otherModel(base: source.model, asked: model.identity)
      }
      near = try await source.nearest(
        to: try await model.vector(ofQuery: query), filter: options.filter, limit: depth)
    }
    if options.mode != .vectors {
      words = try await source.keywordMatches(query, filter: options.filter, limit: depth)
    }
    let cosines = Dictionary(uniqueKeysWithValues: near.map { ($0.id, $0.cosine) })
    let ranks = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0 + 1) })
    let order = ReciprocalRanks.fused([near.map(\.id), words])
    let wanted = Array(order.prefix(reranker == nil ? options.top : max(options.top, options.rerankDepth)))
    let passages = try await source.passages(wanted)
    var result = SearchResult(query: query)
    result.hits = wanted.enumerated().compactMap { index, id in
      passages[id].map {
        SearchHit(passage: $0, cosine: cosines[id], keywordRank: ranks[id], fusedRank: index + 1)
      }
    }
    if let reranker { try await rerank(&result, reranker, options) }
    result.hits = Array(result.hits.prefix(options.top))
    return result
  }

  private static let rerankBatch = 4

  private func rerank(
    _ result: inout SearchResult, _ reranker: any PassageReranker, _ options: SearchOptions
  ) async throws {
    let deadline = options.rerankBudget.map { ContinuousClock.now + $0 }
    let count = min(options.rerankDepth, result.hits.count)
    var scores: [Double] = []
    let query = result.query
    while scores.count < count {
      let batch = result.hits[scores.count..<min(scores.count + Self.rerankBatch, count)].map { hit in
        (hit.passage.headings.isEmpty ? "" : hit.passage.headings.joined(separator: " > ") + "\n\n")
          + hit.passage.text
      }
      guard let some = try await Self.inTime(deadline, { try await reranker.scores(of: batch, for: query) })
      else { break }
      scores += some
    }
    for (index, score) in scores.enumerated() { result.hits[index].rerankScore = score }
    result.unscored = count - scores.count
    let scored = result.hits[..<scores.count].sorted {
      ($1.rerankScore!, $0.fusedRank) < ($0.rerankScore!, $1.fusedRank)
    }
    result.hits = scored + result.hits[scores.count...]
  }

  /// - Returns: nil where the deadline came first; the work is canceled then.
  private static func inTime(
    _ deadline: ContinuousClock.Instant?, _ work: @escaping @Sendable () async throws -> [Double]
  ) async throws -> [Double]? {
    guard let deadline else { return try await work() }
    guard ContinuousClock.now < deadline else { return nil }
    return try await withThrowingTaskGroup(of: [Double]?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(until: deadline)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { return nil }
      group.cancelAll()
      // The loser ends with an error of its own, which is no error of the search.
      while !group.isEmpty { _ = try? await group.next() }
      return first
    }
  }
}

/// Reciprocal rank fusion (Cormack and others, 2009), with its usual constant.
enum ReciprocalRanks {
  static let constant = 60.0

  /// An empty list takes no part. Equal sums keep the order of the first list, then of the second.
  static func fused(_ lists: [[Int64]]) -> [Int64] {
    var sums: [Int64: Double] = [:]
    var order: [Int64] = []
    for list in lists {
      for (index, id) in list.enumerated() {
        if sums[id] == nil { order.append(id) }
        sums[id, default: 0] += 1 / (constant + Double(index + 1))
      }
    }
    return order.enumerated().sorted { (sums[$1.element]!, $0.offset) < (sums[$0.element]!, $1.offset) }
      .map(\.element)
  }
}

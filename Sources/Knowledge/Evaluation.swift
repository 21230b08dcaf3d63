import Chunking
import Documents
import ForeignText
import Foundation
import JSON

/// A question and the documents that answer it.
package struct JudgedQuery: Sendable, Equatable {
  package var query: String
  /// Paths, or ends of them.
  package var relevant: [String]
  /// Of the question; a guess where the file does not say it.
  package var language: String?

  /// A line of JSON: `{"query":…,"relevant":["path",…],"language":"en"}`.
  package static func list(_ bytes: [UInt8], name: String) throws(KnowledgeError) -> [JudgedQuery] {
    var queries: [JudgedQuery] = []
    for (index, range) in Lines.ranges(bytes, in: 0..<bytes.count).enumerated() {
      let line = bytes[range]
      if Lines.isBlank(line) { continue }
      func refuse(_ reason: String) -> KnowledgeError {
        .option("line \(index + 1) of \(name.escaped) \(reason)")
      }
      let value: JSONValue
      do throws(JSONSyntaxError) { value = try JSONParser.parse(Array(line)) } catch {
        throw refuse("is not JSON: \(error.reason)")
      }
      guard case .string(let query)? = value["query"], case .array(let paths)? = value["relevant"] else {
        throw refuse("needs \"query\", a string, and \"relevant\", an array of paths")
      }
      let relevant = paths.compactMap { path in
        if case .string(let path) = path, !path.isEmpty { path } else { nil as String? }
      }
      guard !relevant.isEmpty, relevant.count == paths.count else {
        throw refuse("has \"relevant\" without a path, or with something else in it")
      }
      guard relevant.allSatisfy({ $0.utf8.count <= 4_096 }) else {
        throw refuse("has a path of more than 4096 bytes in \"relevant\"")
      }
      var judged = JudgedQuery(query: query, relevant: relevant)
      if case .string(let language)? = value["language"] {
        guard language.utf8.count <= 64 else { throw refuse("has a \"language\" of more than 64 bytes") }
        judged.language = language
      }
      judged.language = judged.language ?? Scripts.language(of: Array(query.utf8))
      queries.append(judged)
    }
    guard !queries.isEmpty else { throw .option("\(name.escaped) holds no queries") }
    return queries
  }
}

/// How well a base finds documents: means over questions, for each stage and each pair of languages.
package struct Evaluation: Sendable {
  package enum Stage: String, Sendable, CaseIterable { case keywords, vectors, hybrid, reranked }

  package struct Figures: Sendable, Equatable {
    package var count = 0
    package var ndcg = 0.0
    package var recall1 = 0.0
    package var recall10 = 0.0
    package var reciprocalRank = 0.0

    /// Adds the figures of one question: the ranks, from 1, at which relevant documents were found.
    mutating func add(_ ranks: [Int], relevantCount: Int) {
      count += 1
      func gain(_ rank: Int) -> Double { 1 / Foundation.log2(Double(rank) + 1) }
      let ideal = (1...min(relevantCount, 10)).reduce(0) { $0 + gain($1) }
      ndcg += ranks.filter { $0 <= 10 }.reduce(0) { $0 + gain($1) } / ideal
      recall1 += Double(ranks.count { $0 <= 1 }) / Double(relevantCount)
      recall10 += Double(ranks.count { $0 <= 10 }) / Double(relevantCount)
      reciprocalRank += ranks.first.map { 1 / Double($0) } ?? 0
    }

    package var means: Figures {
      guard count > 0 else { return self }
      let count = Double(count)
      return Figures(
        count: self.count, ndcg: ndcg / count, recall1: recall1 / count, recall10: recall10 / count,
        reciprocalRank: reciprocalRank / count)
    }

    package init(
      count: Int = 0, ndcg: Double = 0, recall1: Double = 0, recall10: Double = 0, reciprocalRank: Double = 0
    ) {
      self.count = count
      self.ndcg = ndcg
      self.recall1 = recall1
      self.recall10 = recall10
      self.reciprocalRank = reciprocalRank
    }
  }

  package struct Pair: Sendable, Hashable {
    package var query: String
    package var document: String

    package init(query: String, document: String) {
      self.query = query
      self.document = document
    }
  }

  /// Means over all questions.
  package private(set) var whole: [Stage: Figures] = [:]
  /// For a pair of languages, only the relevant documents of the one language count, and only documents of
  /// that language are ranked: how well a question in A finds its page in B.
  package private(set) var pairs: [Stage: [Pair: Figures]] = [:]
  /// The share of questions with a relevant document in another language that a wrong one of the question's
  /// own language precedes.
  package private(set) var languageBias: [Stage: Double] = [:]
  /// Relevant paths that the base does not have.
  package private(set) var missing: [String] = []

  /// - Parameters:
  ///   - depth: how many documents of each question are looked at.
  ///   - isByPair: whether figures of pairs are wanted; each needs a search of its own.
  package static func run(
    _ queries: [JudgedQuery], _ searcher: Searcher, documents: [StoredDocument], filter: SearchFilter,
    rerankDepth: Int = 20, isByPair: Bool = true, progress: (_ done: Int) -> Void = { _ in }
  ) async throws -> Evaluation {
    var result = Evaluation()
    var byEnd: [String: [StoredDocument]] = [:]
    for document in documents {
      var rest = document.path[...]
      byEnd[String(rest), default: []].append(document)
      while let slash = rest.firstIndex(of: "/") {
        rest = rest[rest.index(after: slash)...]
        if !rest.isEmpty { byEnd[String(rest), default: []].append(document) }
      }
    }
    let stages = Stage.allCases.filter { stage in
      switch stage {
      case .keywords: true
      case .vectors, .hybrid: searcher.model != nil
      case .reranked: searcher.reranker != nil
      }
    }
    var biased: [Stage: (count: Int, of: Int)] = [:]
    for (index, judged) in queries.enumerated() {
      try Task.checkCancellation()
      var relevant: [String: String] = [:]
      for name in judged.relevant {
        let found = byEnd[name] ?? []
        if found.isEmpty { result.missing.append(name) }
        for document in found { relevant[document.path] = document.language ?? "?" }
      }
      guard !relevant.isEmpty else { continue }
      let language = judged.language ?? "?"
      for stage in stages {
        let list = try await ranked(judged.query, stage, searcher, filter, rerankDepth)
        let ranks = list.indices.filter { relevant[list[$0].path] != nil }.map { $0 + 1 }
        result.whole[stage, default: Figures()].add(ranks, relevantCount: relevant.count)
        if let right = list.firstIndex(where: { relevant[$0.path].map { $0 != language } ?? false }) {
          var bias = biased[stage] ?? (0, 0)
          bias.of += 1
          if list[..<right].contains(where: { $0.language == language && relevant[$0.path] == nil }) {
            bias.count += 1
          }
          biased[stage] = bias
        }
        guard isByPair else { continue }
        for (other, paths) in Dictionary(grouping: relevant.keys, by: { relevant[$0]! }) where other != "?" {
          var narrow = filter
          narrow.languages = [other]
          let list = try await ranked(judged.query, stage, searcher, narrow, rerankDepth)
          let wanted = Set(paths)
          let ranks = list.indices.filter { wanted.contains(list[$0].path) }.map { $0 + 1 }
          result.pairs[stage, default: [:]][Pair(query: language, document: other), default: Figures()].add(
            ranks, relevantCount: wanted.count)
        }
      }
      progress(index + 1)
    }
    result.whole = result.whole.mapValues(\.means)
    result.pairs = result.pairs.mapValues { $0.mapValues(\.means) }
    result.languageBias = biased.mapValues { Double($0.count) / Double($0.of) }
    return result
  }

  /// The documents of the hits, each where it is found first.
  private static func ranked(
    _ query: String, _ stage: Stage, _ searcher: Searcher, _ filter: SearchFilter, _ rerankDepth: Int
  ) async throws -> [(path: String, language: String?)] {
    var options = SearchOptions()
    // Several pieces of a document take one rank.
    options.top = 50
    options.filter = filter
    options.rerankDepth = rerankDepth
    var searcher = searcher
    if stage != .reranked { searcher.reranker = nil }
    options.mode =
      switch stage {
      case .keywords: .keywords
      case .vectors: .vectors
      case .hybrid, .reranked: .hybrid
      }
    if stage == .keywords { searcher.model = nil }
    var seen: Set<String> = []
    return try await searcher.search(query, options).hits.compactMap {
      seen.insert($0.passage.path).inserted ? ($0.passage.path, $0.passage.language) : nil
    }
  }
}

import ArgumentParser
import Documents
import JSON
import Knowledge
import KnowledgeService
import Touchstone

struct KnowledgeEvaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a base finds documents, by questions with known answers.",
    discussion: """
      The file has a JSON object a line: {"query": "…", "relevant": ["path", …], "language": "en"}. A path's end suffices, \
      and the language is guessed where it is missing. Figures are means over the questions: nDCG@10, recall@1 and @10, \
      and the mean reciprocal rank of documents, for keywords alone, vectors alone, both, and with a reranker.

        touchstone kb evaluate base --queries questions.jsonl
        touchstone kb evaluate base --queries questions.jsonl --pairs --rerank Qwen3-Reranker-0.6B-Q8_0.gguf

      --pairs adds a table for each pair of languages: only documents of the one language are ranked for questions in \
      the other. Language bias: how often a wrong document in the question's language precedes the right one in another.
      """)

  @Argument(help: "The folder of the base, or a postgresql:// address.") var base: String
  @Option(help: ArgumentHelp("The questions, JSON Lines.", valueName: "path")) var queries: String
  @Option(help: ArgumentHelp("Only documents that match, as for kb search.", valueName: "filter"))
  var filter = ""
  @Flag(help: "Also figures for each pair of languages.") var pairs = false
  @Option(help: ArgumentHelp("The GGUF file of a reranker.", valueName: "path")) var rerank: String?
  @Option(help: ArgumentHelp("How many passages the reranker reads, at most.", valueName: "n"))
  var rerankTop = 20
  @Flag(help: "Keywords only; no model is loaded.") var keywords = false
  @OptionGroup(title: "Model") var model: ModelOptions
  @Flag(help: "Write a JSON object.") var json = false
  @Flag(inversion: .prefixedNo, help: "Say on standard error how far the work is. (default: on a terminal)")
  var progress: Bool?

  func validate() throws {
    if rerankTop < 1 || rerankTop > 1_000 {
      throw ValidationError("--rerank-top must be 1 to 1000, found \(rerankTop).")
    }
    if keywords, rerank != nil { throw ValidationError("--keywords and --rerank exclude each other.") }
  }

  mutating func run() async throws {
    let (base, path) = (base, queries)
    try await explained {
      let bytes: [UInt8]
      do throws(DocumentError) {
        bytes = try DocumentReader.bytes(path: path, limits: DocumentLimits())
      } catch {
        throw CommandError.failure("\(path) \(error)")
      }
      let judged = try JudgedQuery.list(bytes, name: path)
      let store = try openStore(base)
      let documents = try await storedDocuments(store)
      var loaded: KnowledgeModel?
      if !keywords {
        let settings = try BaseVectorSettings(remembered: store)
        loaded = try model.loadKnowledgeModel(settings, store: store as? EmbeddedStore, progress: progress)
          .model
      }
      let reranker = try rerank.map(model.loadKnowledgeReranker)
      let line = ProgressLine(isWanted: progress)
      defer { line.finish() }
      let result = try await Evaluation.run(
        judged, Searcher(source: store, model: loaded, reranker: reranker), documents: documents,
        filter: try SearchFilter(parsing: filter), rerankDepth: rerankTop, isByPair: pairs
      ) { line.show("\($0) of \(judged.count) questions") }
      line.finish()
      if let first = result.missing.first {
        StandardError.say(
          "warning: the base does not have \(result.missing.count) of the relevant documents, \(first) for example"
        )
      }
      let file = try OutputFile(path: nil)
      if json { try file.write(line: Self.json(result)) } else { try Self.write(result, to: file) }
      try file.finish()
    }
  }

  private func storedDocuments(_ store: any DocumentStore) async throws -> [StoredDocument] {
    try store.documentPaths().compactMap { try store.document(path: $0) }
  }

  private static func json(_ figures: Evaluation.Figures) -> [JSONValue.Member] {
    [
      .init("queries", .number(figures.count)), .init("ndcg10", .number(figures.ndcg)),
      .init("recall1", .number(figures.recall1)), .init("recall10", .number(figures.recall10)),
      .init("mrr", .number(figures.reciprocalRank)),
    ]
  }

  private static func json(_ result: Evaluation) -> JSONValue {
    let stages = Evaluation.Stage.allCases.compactMap { stage -> JSONValue.Member? in
      guard let figures = result.whole[stage] else { return nil }
      var members = json(figures)
      members.append(.init("languageBias", .orNull(result.languageBias[stage])))
      let pairs = sorted(result.pairs[stage] ?? [:])
      if !pairs.isEmpty {
        members.append(
          .init(
            "pairs",
            .array(
              pairs.map { pair, figures in
                .object(
                  [.init("query", .string(pair.query)), .init("document", .string(pair.document))]
                    + json(figures))
              })))
      }
      return .init(stage.rawValue, .object(members))
    }
    return .object(stages + [.init("missing", .array(result.missing.map(JSONValue.string)))])
  }

  private static func sorted(
    _ pairs: [Evaluation.Pair: Evaluation.Figures]
  ) -> [(Evaluation.Pair, Evaluation.Figures)] {
    pairs.sorted { ($0.key.query, $0.key.document) < ($1.key.query, $1.key.document) }.map {
      ($0.key, $0.value)
    }
  }

  private static func write(_ result: Evaluation, to file: OutputFile) throws(CommandError) {
    func row(_ name: String, _ figures: Evaluation.Figures, _ bias: Double?) -> String {
      var line = name + String(repeating: " ", count: max(1, 12 - name.count))
      line += Decimal.text(Double(figures.count), digits: 0, width: 9)
      for value in [figures.ndcg, figures.recall1, figures.recall10, figures.reciprocalRank] {
        line += Decimal.text(value, digits: 3, width: 11)
      }
      if let bias { line += Decimal.text(bias, digits: 3, width: 15) }
      return line + "\n"
    }
    try file.write(
      "stage         queries    nDCG@10   recall@1  recall@10        MRR  language bias\n".utf8)
    for stage in Evaluation.Stage.allCases {
      if let figures = result.whole[stage] {
        try file.write(row(stage.rawValue, figures, result.languageBias[stage]).utf8)
      }
    }
    for stage in Evaluation.Stage.allCases {
      let pairs = sorted(result.pairs[stage] ?? [:])
      if pairs.isEmpty { continue }
      try file.write("\n\(stage.rawValue), question > document\n".utf8)
      for (pair, figures) in pairs {
        try file.write(row("\(pair.query) > \(pair.document)", figures, nil).utf8)
      }
    }
  }
}

import ArgumentParser
import JSON
import Knowledge
import KnowledgeService
import Touchstone

struct KnowledgeSearch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find passages that answer questions, in any language.",
    discussion: """
      Vectors find passages that mean the same, keywords those with the same words; the ranks of both are joined. \
      --rerank has a Qwen3-Reranker read the best again.

        touchstone kb search base "how long may goods be returned" --top 3
        touchstone kb search base "Rückgabe" --rerank reranker-0.6B --budget-ms 900
        touchstone kb search base "保修" --keywords --filter "lang=zh type=pdf"
      """)

  @Argument(help: "The folder of the base, or a postgresql:// address.")
  var base: String

  @Argument(help: "Questions. After -- one may begin with a dash.")
  var queries: [String] = []

  @Option(name: [.customShort("k"), .long], help: ArgumentHelp("How many passages to show.", valueName: "n"))
  var top = 10

  @Flag(help: "hybrid joins keywords and vectors.")
  var mode = Mode.hybrid

  @Option(
    help: ArgumentHelp(
      "Only documents that match: path=GLOB lang=CODE type=FORMAT, divided by spaces.", valueName: "filter"))
  var filter = ""

  @Option(
    help: ArgumentHelp("The GGUF file of a reranker, which orders the passages found.", valueName: "path"))
  var rerank: String?

  @Option(help: ArgumentHelp("How many passages the reranker reads, at most.", valueName: "n"))
  var rerankTop = 20

  @Option(
    help: ArgumentHelp(
      "The time of the reranker for a question; passages it did not read are named.", valueName: "ms"))
  var budgetMs: Int?

  @Flag(help: "Write a JSON object a question.")
  var json = false

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  enum Mode: String, EnumerableFlag { case hybrid, vectors, keywords }

  func validate() throws {
    if queries.isEmpty { throw ValidationError("No question given: pass one or more behind the base.") }
    if top < 1 || top > 1_000 { throw ValidationError("--top must be 1 to 1000, found \(top).") }
    if rerankTop < 1 || rerankTop > 1_000 {
      throw ValidationError("--rerank-top must be 1 to 1000, found \(rerankTop).")
    }
    if let budgetMs {
      if rerank == nil { throw ValidationError("--budget-ms is about --rerank; add --rerank PATH.") }
      if budgetMs < 0 { throw ValidationError("--budget-ms must be at least 0, found \(budgetMs).") }
    }
  }

  mutating func run() async throws {
    let (base, queries) = (base, queries)
    try await explained {
      let store = try openStore(base)
      var options = SearchOptions()
      options.mode = SearchOptions.Mode(rawValue: mode.rawValue)!
      (options.top, options.rerankDepth) = (top, rerankTop)
      options.filter = try SearchFilter(parsing: filter)
      options.rerankBudget = budgetMs.map { .milliseconds($0) }
      var loaded: KnowledgeModel?
      if mode != .keywords {
        let settings = try BaseVectorSettings(remembered: store)
        loaded = try model.loadKnowledgeModel(
          settings, store: store as? EmbeddedStore, progress: output.progress
        ).model
      }
      let reranker = try rerank.map(model.loadKnowledgeReranker)
      let searcher = Searcher(source: store, model: loaded, reranker: reranker)
      let file = try output.open()
      for (index, query) in queries.enumerated() {
        let result = try await searcher.search(query, options)
        if json {
          try file.write(line: Self.json(result))
        } else {
          if index > 0 { try file.write("\n".utf8) }
          try Self.write(result, to: file, width: file.isTerminal ? Terminal().width ?? 100 : 100)
        }
        try file.flush()
      }
      try file.finish()
    }
  }

  private static func write(_ result: SearchResult, to file: OutputFile, width: Int) throws(CommandError) {
    try file.write("\(DisplayText.oneLine(result.query))\n".utf8)
    if result.hits.isEmpty { try file.write("  nothing found\n".utf8) }
    for (rank, hit) in result.hits.enumerated() {
      let passage = hit.passage
      var place = DisplayText.oneLine(shortened(passage.path))
      place += passage.pages.map { ", page \($0.lowerBound)" } ?? ", line \(passage.lines.lowerBound)"
      if !passage.headings.isEmpty {
        place += ": " + DisplayText.oneLine(passage.headings.joined(separator: " > "))
      }
      var why: [String] = []
      if let score = hit.rerankScore { why.append("reranker \(Decimal.text(score, digits: 2, width: 0))") }
      if let cosine = hit.cosine { why.append("cosine \(Decimal.text(cosine, digits: 3, width: 0))") }
      if let rank = hit.keywordRank { why.append("keywords \(rank).") }
      try file.write(
        "\(Decimal.text(Double(rank + 1), digits: 0, width: 4))  \(place)  (\(why.joined(separator: ", ")))\n"
          .utf8)
      try file.write(
        "      \(DisplayText.cut(DisplayText.oneLine(passage.text), to: max(20, width - 6)))\n".utf8)
    }
    if result.unscored > 0 {
      try file.write(
        "  the reranker's time ended before it had read \(result.unscored) passages; they follow in their old order\n"
          .utf8)
    }
  }

  static func json(_ result: SearchResult) -> JSONValue {
    let hits = result.hits.enumerated().map { rank, hit -> JSONValue in
      let passage = hit.passage
      return .object([
        .init("rank", .number(rank + 1)), .init("path", .string(passage.path)),
        .init("title", .orNull(passage.title)), .init("language", .orNull(passage.language)),
        .init("page", .orNull(passage.pages?.lowerBound)),
        .init("lastPage", .orNull(passage.pages?.upperBound)),
        .init("line", .number(passage.lines.lowerBound)),
        .init("lastLine", .number(passage.lines.upperBound)),
        .init("heading", .array(passage.headings.map(JSONValue.string))),
        .init("start", .number(passage.bytes.lowerBound)), .init("end", .number(passage.bytes.upperBound)),
        .init("text", .string(passage.text)), .init("tokens", .number(passage.tokenCount)),
        .init("cosine", .orNull(hit.cosine)), .init("keywordRank", .orNull(hit.keywordRank)),
        .init("fusedRank", .number(hit.fusedRank)), .init("rerankScore", .orNull(hit.rerankScore)),
      ])
    }
    return .object([
      .init("query", .string(result.query)), .init("hits", .array(hits)),
      .init("unscored", .number(result.unscored)),
    ])
  }
}

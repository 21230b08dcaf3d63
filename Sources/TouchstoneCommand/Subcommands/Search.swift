import ArgumentParser
import Touchstone

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the texts of a file that are nearest to queries.",
    discussion: """
      Exact search: every text of the corpus is embedded and compared, and the best are kept; memory does not grow \
      with the corpus. Queries carry the query instruction, texts of the corpus none.

        touchstone search --corpus notes.txt --lines "how do I delete a file"
        touchstone search --corpus articles.jsonl -k 3 --format jsonl "rain" "snow"
        touchstone search --corpus code.jsonl "parse" \\
            --instruct "Given a question, find the function that does it"

      With --rerank the nearest texts are read again, together with the query, by a Qwen3-Reranker, whose scores decide:

        touchstone search --corpus notes.txt --lines "how do I delete a file" \\
            --rerank Qwen3-Reranker-0.6B-Q8_0.gguf
      """)

  @Argument(help: "Queries. After -- a query may begin with a dash.")
  var queries: [String] = []

  @Option(
    help: ArgumentHelp(
      "The texts to search, JSON Lines as for embed --input; - is standard input.", valueName: "file"))
  var corpus: String

  @Flag(help: "The corpus is plain text instead, one text a line.")
  var lines = false

  @Option(
    name: [.customShort("k"), .long],
    help: ArgumentHelp("How many texts to show for a query.", valueName: "n"))
  var top = 10

  @Option(
    help: ArgumentHelp("The queries' task, one sentence in English. (default: web search)", valueName: "task")
  )
  var instruct: String?

  @Flag(help: "Embed queries as they are, without an instruction.")
  var noInstruct = false

  @Option(
    help: ArgumentHelp("The GGUF file of a reranker, which orders the nearest texts.", valueName: "path"))
  var rerank: String?

  @Option(
    help: ArgumentHelp(
      "How many of the nearest texts the reranker reads. (default: 50, and --top at least)", valueName: "n"))
  var rerankTop: Int?

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions

  @Option(help: "The form of the output.")
  var format = SearchFormat.table

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if queries.isEmpty { throw ValidationError("No query given: pass one or more as arguments.") }
    try CountRange.check("top", top)
    try CountRange.check("rerank-top", rerankTop)
    if instruct != nil, noInstruct {
      throw ValidationError("--instruct and --no-instruct exclude each other.")
    }
    if let rerankTop {
      if rerank == nil { throw ValidationError("--rerank-top is about --rerank; add --rerank PATH.") }
      if rerankTop < top {
        throw ValidationError("--rerank-top must be at least --top, which is \(top), found \(rerankTop).")
      }
    }
    try vectors.requirePooling()
  }

  mutating func run() throws {
    let reader = try InputOptions.reader(path: corpus, lines: lines)
    let file = try output.open()
    let pipeline = EmbeddingPipeline(
      model: try model.load(), options: vectors.embeddingOptions,
      progress: Progress(isWanted: output.progress))
    let reranker = try rerank.map {
      try RerankModel.load(
        ModelLocator.resolve($0), threads: model.compute.threads, multiplication: model.compute.multiply)
    }
    let role: EmbeddingRole = noInstruct ? .document : instruct.map(EmbeddingRole.query(task:)) ?? .query
    let queryVectors = try pipeline.labeledVectors(ArgumentReader(queries), as: role)
    let limit = reranker == nil ? top : rerankTop ?? max(50, top)
    var best = queryVectors.map { _ in TopMatches<SearchMatch>(limit: limit) }
    try pipeline.run(reader, as: .document) { item, embedding in
      let document = try LabeledVector(item, embedding)
      for (index, query) in queryVectors.enumerated() {
        best[index].offer(SearchMatch(item: item, score: query.cosine(with: document)))
      }
    }
    var matches = best.map(\.sorted)
    if let reranker {
      let second = RerankPipeline(
        model: reranker, options: vectors.rerankOptions, instruction: instruct, progress: pipeline.progress)
      matches = try zip(queries, matches).map { try second.reorder($1, query: $0, top: top) }
    }
    let results = SearchResults(queries: queries, matches: matches)
    switch format {
    case .table: try results.writeTable(to: file, width: file.isTerminal ? Terminal().width : nil)
    case .jsonl: try results.writeJSONLines(to: file)
    }
    try file.finish()
    pipeline.progress.finish(output: output.output)
  }
}

enum SearchFormat: String, CaseIterable, ExpressibleByArgument {
  case table, jsonl
}

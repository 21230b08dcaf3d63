import ArgumentParser
import Touchstone

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the texts of a file that are nearest to queries.",
    discussion: """
      Exact search: every text of the corpus is embedded and compared, and the best are kept; memory does not grow \
      with the corpus. Queries carry the query instruction, texts of the corpus none.

        touchstone search --corpus notes.txt --lines "how do I delete a file"
        touchstone search --corpus articles.jsonl --top 3 --format jsonl "rain" "snow"
        touchstone search --corpus code.jsonl --instruct "Given a question, find the function that does it" "parse"
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

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions

  @Option(help: "The form of the output.")
  var format = SearchFormat.table

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if queries.isEmpty { throw ValidationError("No query given: pass one or more as arguments.") }
    if top < 1 { throw ValidationError("--top must be at least 1, found \(top).") }
    if instruct != nil, noInstruct {
      throw ValidationError("--instruct and --no-instruct exclude each other.")
    }
    try vectors.requirePooling()
  }

  mutating func run() throws {
    let reader = try InputOptions.reader(path: corpus, lines: lines)
    let file = try output.open()
    let pipeline = EmbeddingPipeline(
      model: try model.load(), options: vectors.embeddingOptions,
      progress: ProgressReporter(isWanted: output.progress))
    let role: EmbeddingRole = noInstruct ? .document : instruct.map(EmbeddingRole.instruct) ?? .query
    let queryVectors = try pipeline.labelledVectors(ArgumentReader(queries), as: role)
    var best = queryVectors.map { _ in TopMatches(limit: top) }
    try pipeline.run(reader, as: .document) { item, embedding in
      let document = try LabelledVector(item, embedding)
      for (index, query) in queryVectors.enumerated() {
        best[index].offer(item, score: query.cosine(with: document))
      }
    }
    let results = SearchResults(queries: queries, matches: best.map(\.sorted))
    switch format {
    case .table: try results.writeTable(to: file, width: file.isTerminal ? Terminal().width : nil)
    case .jsonl: try results.writeJSONLines(to: file)
    }
    try file.finish()
    pipeline.progress.finish()
  }
}

enum SearchFormat: String, CaseIterable, ExpressibleByArgument {
  case table, jsonl
}

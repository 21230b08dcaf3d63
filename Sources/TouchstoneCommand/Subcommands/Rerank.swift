import ArgumentParser
import Touchstone

struct Rerank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge how well documents answer a query, with Qwen3-Reranker.",
    usage: "touchstone rerank --query <query> [<options>] [<documents> ...]",
    discussion: """
      The model reads the query and a document together and gives the probability that the document meets the \
      query's requirements. Best first; the query goes through the model once for all documents.

        touchstone rerank --query "delete a file" --documents found.jsonl --top 5
        touchstone rerank --query "rain" --format table "It pours." "Sunshine."
        grep -i disk notes.txt | touchstone rerank --query "disk full" -

      Formats: jsonl, an object a document: {"index":3,"id":…,"score":0.97,"tokens":212,"truncated":false}, index \
      counting documents from 0; table, with the texts.
      """)

  @Argument(
    help: "Documents; - alone is standard input, one a line. After -- a document may begin with a dash.")
  var texts: [String] = []

  @Option(help: ArgumentHelp("The query that the documents should answer.", valueName: "query"))
  var query: String

  @Option(help: ArgumentHelp("The task, one sentence in English. (default: web search)", valueName: "task"))
  var instruct: String?

  @Option(
    help: ArgumentHelp(
      "Read documents from a JSON Lines file; - is standard input.",
      discussion: """
        A line is a string, or an object with "text" and optional "id" (echoed). Other keys are ignored.
        """, valueName: "file"))
  var documents: String?

  @Flag(help: "The documents are plain text instead, one a line.")
  var lines = false

  @Option(
    name: [.customShort("k"), .long],
    help: ArgumentHelp("How many documents to show. (default: all)", valueName: "n"))
  var top: Int?

  @OptionGroup(title: "Model") var model: RerankModelOptions
  @OptionGroup(title: "Scores") var scoring: ScoringOptions

  @Flag(help: "Scores are the logit of yes minus the logit of no, without the sigmoid.")
  var rawScores = false

  @Option(help: "The form of the output.")
  var format = RerankFormat.jsonl

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if query.isEmpty { throw ValidationError("--query is empty: there is nothing to judge documents by.") }
    if texts.isEmpty, documents == nil {
      throw ValidationError(
        "No document given: pass documents as arguments, or --documents FILE (- for standard input).")
    }
    if !texts.isEmpty, documents != nil {
      throw ValidationError("Pass documents as arguments or with --documents, not both.")
    }
    if lines, source == nil {
      throw ValidationError(
        "--lines says what --documents holds; add --documents FILE (- for standard input).")
    }
    try CountRange.check("top", top)
  }

  /// The file that documents come from; nil where they are arguments.
  private var source: String? {
    documents ?? (texts == ["-"] && !CommandLine.arguments.contains("--") ? "-" : nil)
  }

  mutating func run() throws {
    let reader: any InputReader =
      if let source {
        try InputOptions.reader(path: source, lines: lines || documents == nil)
      } else {
        ArgumentReader(texts)
      }
    let file = try output.open()
    let pipeline = RerankPipeline(
      model: try model.load(), options: scoring.rerankOptions, instruction: instruct,
      progress: Progress(isWanted: output.progress))
    let matches = try pipeline.best(reader, query: query, top: top)
    let results = RerankResults(query: query, matches: matches, areRaw: rawScores)
    switch format {
    case .table: try results.writeTable(to: file, width: file.isTerminal ? Terminal().width : nil)
    case .jsonl: try results.writeJSONLines(to: file)
    }
    try file.finish()
    pipeline.progress.finish(output: output.output)
  }
}

enum RerankFormat: String, CaseIterable, ExpressibleByArgument {
  case jsonl, table
}

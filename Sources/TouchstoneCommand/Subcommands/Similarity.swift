import ArgumentParser
import Touchstone

struct Similarity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare texts with each other, or queries with documents.",
    discussion: """
      A matrix of cosines: every text against every other, or, with --queries or --against, queries (rows, with the \
      query instruction) against documents (columns). On a terminal, nearer is darker; NO_COLOR turns that off.

        touchstone similarity "File not found" "Datei fehlt" "Printer ready"
        touchstone similarity --input texts.txt --lines
        touchstone similarity --against "how to print" "Printer ready" "Disk full"
        touchstone similarity --queries queries.txt --input documents.txt --lines
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Compare the texts with this query instead of each other; may be repeated.", valueName: "query"))
  var against: [String] = []

  @Option(help: ArgumentHelp("Read queries from a file in the form of --input.", valueName: "file"))
  var queries: String?

  @Option(help: ArgumentHelp("The queries' task, one sentence in English.", valueName: "task"))
  var instruct: String?

  @Flag(help: "Embed queries as they are, without an instruction.")
  var noInstruct = false

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions

  @Option(help: "The form of the output.")
  var format = TableFormat.table

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if !against.isEmpty, queries != nil {
      throw ValidationError("Pass queries with --against or --queries, not both.")
    }
    if instruct != nil, noInstruct {
      throw ValidationError("--instruct and --no-instruct exclude each other.")
    }
    if against.isEmpty, queries == nil, instruct != nil || noInstruct {
      throw ValidationError("--instruct and --no-instruct are about queries; add --against or --queries.")
    }
    if queries == "-", input.source == "-" {
      throw ValidationError("Only one of --queries and --input can be standard input.")
    }
    try vectors.requirePooling()
  }

  mutating func run() throws {
    let documents = try input.reader()
    let queryReader: (any InputReader)? =
      if let queries {
        try InputOptions.reader(path: queries, lines: input.lines)
      } else {
        against.isEmpty ? nil : ArgumentReader(against)
      }
    let file = try output.open()
    let pipeline = EmbeddingPipeline(
      model: try model.load(), options: vectors.embeddingOptions,
      progress: Progress(isWanted: output.progress))
    let columns = try pipeline.labeledVectors(documents, as: .document)
    let role: EmbeddingRole = noInstruct ? .document : instruct.map(EmbeddingRole.query(task:)) ?? .query
    let rows = try queryReader.map { try pipeline.labeledVectors($0, as: role) } ?? columns
    let matrix = SimilarityMatrix(rows: rows, columns: columns, isSquare: queryReader == nil)
    switch format {
    case .table:
      let terminal = Terminal()
      try matrix.writeTable(
        to: file, width: file.isTerminal ? terminal.width : nil,
        hasColors: file.isTerminal && terminal.hasColors)
    case .json: try matrix.writeJSON(to: file)
    }
    try file.finish()
    pipeline.progress.finish(output: output.output)
  }
}

enum TableFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json
}

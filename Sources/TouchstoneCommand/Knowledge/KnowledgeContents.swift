import ArgumentParser
import JSON
import Knowledge
import KnowledgeService
import Touchstone

struct KnowledgeList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the documents of a base.")

  @Argument(help: "The base: a folder, or postgresql://….") var base: String
  @Option(help: ArgumentHelp("Only documents that match, as for kb search.", valueName: "filter"))
  var filter = ""
  @Flag(help: "Write a JSON object a document.") var json = false

  mutating func run() async throws {
    let (base, filter) = (base, filter)
    try await explained {
      let documents = try openStore(base).documents(try SearchFilter(parsing: filter))
      let file = try OutputFile(path: nil)
      for document in documents {
        if json {
          try file.write(line: Self.json(document))
        } else {
          let pages = document.pageCount > 0 ? "\(document.pageCount) pages, " : ""
          let about =
            "\(document.format.rawValue), \(document.language ?? "?"), \(pages)\(document.chunkCount) pieces"
          try file.write("\(DisplayText.oneLine(shortened(document.path)))  (\(about))\n".utf8)
        }
      }
      try file.finish()
    }
  }

  static func json(_ document: StoredDocument) -> JSONValue {
    .object([
      .init("path", .string(document.path)), .init("title", .orNull(document.title)),
      .init("format", .string(document.format.rawValue)), .init("language", .orNull(document.language)),
      .init("pages", .number(document.pageCount)), .init("chunks", .number(document.chunkCount)),
      .init("bytes", .number(document.byteCount)), .init("sha256", .string(document.sha256)),
      .init("warnings", .array(document.warnings.map(JSONValue.string))),
    ])
  }
}

struct KnowledgeShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a document of a base and its pieces.")

  @Argument(help: "The base: a folder, or postgresql://….") var base: String
  @Argument(help: "The document's path, or the end of it.") var document: String
  @Flag(help: "Write JSON: the document, then an object a piece.") var json = false

  mutating func run() async throws {
    let (base, name) = (base, document)
    try await explained {
      let store = try openStore(base)
      let document = try store.document(named: name)
      let file = try OutputFile(path: nil)
      if json {
        try file.write(line: KnowledgeList.json(document))
      } else {
        try file.write("\(DisplayText.oneLine(document.path))\n".utf8)
        if let title = document.title { try file.write("title     \(DisplayText.oneLine(title))\n".utf8) }
        try file.write(
          "format    \(document.format.rawValue), \(document.byteCount) bytes, language \(document.language ?? "?")\n"
            .utf8)
        for warning in document.warnings {
          try file.write("warning   \(DisplayText.oneLine(warning))\n".utf8)
        }
      }
      for (index, passage) in try store.passages(of: document.path).enumerated() {
        if json {
          try file.write(
            line: .object([
              .init("index", .number(index)), .init("start", .number(passage.bytes.lowerBound)),
              .init("end", .number(passage.bytes.upperBound)), .init("tokens", .number(passage.tokenCount)),
              .init("page", .orNull(passage.pages?.lowerBound)),
              .init("line", .number(passage.lines.lowerBound)),
              .init("heading", .array(passage.headings.map(JSONValue.string))),
              .init("text", .string(passage.text)),
            ]))
        } else {
          let place = passage.pages.map { "page \($0.lowerBound)" } ?? "line \(passage.lines.lowerBound)"
          let headings = DisplayText.oneLine(passage.headings.joined(separator: " > "))
          try file.write("\n[\(index + 1)] \(place), \(passage.tokenCount) tokens  \(headings)\n".utf8)
          for line in passage.text.split(separator: "\n", omittingEmptySubsequences: false) {
            try file.write("  \(DisplayText.oneLine(String(line)))\n".utf8)
          }
        }
      }
      try file.finish()
    }
  }
}

struct KnowledgeStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the contents of a base, its model, and its failed documents.")

  @Argument(help: "The base: a folder, or postgresql://….") var base: String
  @Flag(help: "Write a JSON object.") var json = false

  mutating func run() async throws {
    let base = base
    try await explained {
      let store = try openStore(base)
      let summary = try store.summary()
      let failures = try store.failures()
      let chunking = try store.chunking()
      let file = try OutputFile(path: nil)
      if json {
        try file.write(
          line: .object([
            .init("documents", .number(summary.documents)), .init("chunks", .number(summary.chunks)),
            .init("tokens", .number(summary.tokens)), .init("vectors", .number(summary.vectors)),
            .init("unusedVectors", .number(summary.unusedVectors)),
            .init("textBytes", .number(summary.textBytes)),
            .init(
              "model",
              .object([
                .init("name", .string(store.model.name)),
                .init("fingerprint", .string(store.model.fingerprint)),
                .init("dimensions", .number(store.model.dimensions)),
              ])),
            .init("format", .string(store.keepsFloats ? "int8+float32" : "int8")),
            .init("languages", .object(summary.byLanguage.map { .init($0.0, .number($0.1)) })),
            .init("chunking", .orNull(chunking?.key)),
            .init(
              "failures",
              .array(
                failures.map {
                  .object([.init("path", .string($0.path)), .init("reason", .string($0.reason))])
                })),
          ]))
      } else {
        let languages = summary.byLanguage.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        try file.write(
          """
          documents  \(summary.documents)\(languages.isEmpty ? "" : " (\(languages))")
          pieces     \(summary.chunks) of \(summary.tokens) tokens, \(summary.textBytes) bytes of text
          vectors    \(summary.vectors), of which \(summary.unusedVectors) unused, as \(store.keepsFloats ? "int8 and float32" : "int8")
          model      \(store.model)
          cut        \(chunking?.key ?? "not yet")

          """.utf8)
        for failure in failures {
          try file.write("failed     \(shortened(failure.path)) \(failure.reason)\n".utf8)
        }
      }
      try file.finish()
    }
  }
}

struct KnowledgeRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove documents from a base; their files stay.")

  @Argument(help: "The base: a folder, or postgresql://….") var base: String
  @Argument(help: "Paths of documents, or ends of them.") var documents: [String]

  mutating func run() async throws {
    let (base, names) = (base, documents)
    try await explained {
      let store = try openStore(base, forWriting: true)
      let paths = try names.map { try store.document(named: $0).path }
      let count = try store.remove(paths)
      let file = try OutputFile(path: nil)
      try file.write("\(count) removed\n".utf8)
      try file.finish()
    }
  }
}

struct KnowledgeCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage, and measure how well stored bytes stand for the vectors.",
    discussion: """
      Without --samples no model is needed. With it, so many pieces are embedded again: their bytes must be the same, and \
      the ten nearest by stored bytes are compared with the ten nearest by float32.

      EXIT STATUS: 0 the base is whole; 1 it is not, or cannot be read.
      """)

  @Argument(help: "The folder of the base.") var base: String
  @Option(help: ArgumentHelp("How many pieces to embed again.", valueName: "n")) var samples = 0
  @OptionGroup(title: "Model") var model: ModelOptions
  @Flag(help: "Write a JSON object.") var json = false

  mutating func run() async throws {
    let base = base
    try await explained {
      try refuseServer(base, "check", instead: "amcheck and backups of PostgreSQL look after its data")
      let store = try EmbeddedStore.reader(at: base)
      let check = try StoreCheck(store)
      var sample: StoreSample?
      if samples > 0 {
        let settings = try BaseVectorSettings(activations: nil, dimensions: nil, of: store)
        let loaded = try model.loadKnowledgeModel(settings, store: store, progress: nil).model
        guard loaded.identity.fingerprint == store.model.fingerprint else {
          throw KnowledgeError.otherModel(base: store.model, asked: loaded.identity)
        }
        sample = try await StoreSample(store, loaded, count: samples)
      }
      let file = try OutputFile(path: nil)
      if json {
        try file.write(
          line: .object([
            .init("findings", .array(check.findings.map(JSONValue.string))),
            .init("rows", .number(check.rowsChecked)),
            .init("passages", .number(check.passagesChecked)), .init("samples", .orNull(sample?.count)),
            .init("differentVectors", .orNull(sample?.different)),
            .init("overlapOfTop10", .orNull(sample?.overlap)),
          ]))
      } else {
        for finding in check.findings { try file.write("\(finding)\n".utf8) }
        try file.write(
          "\(check.findings.isEmpty ? "whole" : "damaged"): \(check.rowsChecked) rows and \(check.passagesChecked) passages read\n"
            .utf8)
        if let sample {
          try file.write(
            "\(sample.count) samples embedded again: \(sample.different) differ; overlap of the nearest ten with float32 \(Decimal.text(100 * sample.overlap, digits: 1, width: 0)) %\n"
              .utf8)
        }
      }
      try file.finish()
      if !check.findings.isEmpty || (sample?.different ?? 0) > 0 { throw ExitCode(1) }
    }
  }
}

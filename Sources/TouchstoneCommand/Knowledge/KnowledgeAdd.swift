import ArgumentParser
import Documents
import JSON
import Knowledge
import KnowledgeExchange
import KnowledgeService
import Touchstone

struct KnowledgeAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add files and folders, or bring them up to date.",
    discussion: """
      Only text that is new is embedded. A document that cannot be read costs itself and a sentence; the others go on. \
      Links inside folders are not followed, hidden files are left out. Interrupted work goes on where it was: run the \
      command again.

        touchstone kb add base papers --exclude "drafts/*"
        touchstone kb add base papers --prune
        touchstone kb add base --reembed --model Qwen3-Embedding-4B-Q4_K_M.gguf

      EXIT STATUS: 0 success; 1 one or all documents failed; 2 the command line is wrong.
      """)

  @Argument(
    help: "The folder of the base, or postgresql://HOST/DATABASE#SCHEMA; it is made where there is none.")
  var base: String

  @Argument(help: "Files and folders.")
  var paths: [String] = []

  @Option(
    help: ArgumentHelp("Only files that match, of folders: a glob of the path or its end.", valueName: "glob")
  )
  var include: [String] = []

  @Option(help: ArgumentHelp("No files and folders that match.", valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp(
      "A program that makes Markdown or HTML of other formats: rtf=pandoc --sandbox -t gfm. May be repeated.",
      valueName: "ending=command"))
  var converter: [String] = []

  @Flag(help: "Remove documents below PATH whose files are gone.")
  var prune = false

  @Flag(help: "Embed everything again with --model, beside the old vectors, then swap.")
  var reembed = false

  @OptionGroup(title: "Pieces") var chunking: ChunkingOptionGroup
  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    help: "The precision of the activations that meet the weights. (default: i16, or as the base was made)")
  var activations: ActivationPrecision?

  @Option(
    help: ArgumentHelp(
      "Keep the first components only. (default: all, or as the base was made)", valueName: "n"))
  var dimensions: Int?

  @Flag(help: "A new base keeps float32 vectors too: five times the space.")
  var float32 = false

  @Flag(help: "End with a JSON object that counts.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Report progress on standard error. (default: on a terminal)")
  var progress: Bool?

  func validate() throws {
    if reembed, PostgresAddress.isOne(base) {
      throw ValidationError("--reembed is about bases in folders; make another schema for another model.")
    }
    if paths.isEmpty, !reembed { throw ValidationError("Name files or folders to add, or pass --reembed.") }
  }

  mutating func run() async throws {
    let (base, paths) = (base, paths)
    try await explained {
      if reembed {
        let count = try await embedAgain(base)
        if paths.isEmpty {
          try say(
            json ? .object([.init("chunksEmbedded", .number(count))]) : nil, "embedded \(count) pieces again")
          return
        }
      }
      let server = PostgresAddress.isOne(base) ? try PostgresAddress(base) : nil
      let old =
        server == nil && EmbeddedStore.exists(at: base) ? try? EmbeddedStore.reader(at: base) : nil
      var settings = try BaseVectorSettings(activations: activations, dimensions: dimensions, of: old)
      if let server, let there = try? PostgresStore(server) {
        settings = try BaseVectorSettings(remembered: there)
        settings.activations = activations ?? settings.activations
        settings.dimensions = dimensions ?? settings.dimensions
      }
      let (model, weights, context) = try model.loadKnowledgeModel(settings, store: old, progress: progress)
      let store: any DocumentStore =
        server == nil
        ? try EmbeddedStore.writer(at: base, model: model.identity, keepsFloats: float32)
        : try PostgresStore(
          server!,
          creating: BaseFacts(
            model: model.identity, keepsFloats: float32, chunking: nil, vectors: settings.note))
      try store.setNote("vectors", settings.note)
      // Which file it is on this machine.
      if !weights.isEmpty, server == nil { try store.setNote("weights", weights) }
      var update = Update()
      update.chunking = try chunking.options(try store.chunking(), context: context)
      (update.include, update.exclude, update.prunes) = (include, exclude, prune)
      for text in converter {
        do throws(ConverterError) {
          update.reader.converters.append(try DocumentConverter(parsing: text))
        } catch {
          throw KnowledgeError.option("\(error)")
        }
      }
      let line = ProgressLine(isWanted: progress)
      defer { line.finish() }
      let start = ContinuousClock.now
      let report = try await update.run(paths, store, model) { state in
        line.show(Self.text(state, since: start))
      }
      line.finish()
      try finish(report)
    }
  }

  private func embedAgain(_ base: String) async throws -> Int {
    let store = try EmbeddedStore.writer(at: base, model: nil)
    let settings = try BaseVectorSettings(activations: activations, dimensions: dimensions, of: store)
    let (model, weights, _) = try model.loadKnowledgeModel(settings, store: store, progress: progress)
    let line = ProgressLine(isWanted: progress)
    defer { line.finish() }
    let start = ContinuousClock.now
    let count = try await Update.embedAgain(store, model, keepsFloats: float32 || store.keepsFloats) {
      state in
      line.show(Self.text(state, since: start))
    }
    try store.setNote("vectors", settings.note)
    if !weights.isEmpty { try store.setNote("weights", weights) }
    return count
  }

  /// `120 of 1000 documents, 530 pieces embedded, 12 %, 3 min left`
  private static func text(_ state: Update.Progress, since start: ContinuousClock.Instant) -> String {
    let share = min(1, Double(state.bytes) / Double(max(state.byteCount, 1)))
    var text = state.fileCount > 0 ? "\(state.files) of \(state.fileCount) documents, " : ""
    text += "\(state.chunksEmbedded) pieces embedded, \(Int(share * 100)) %"
    let elapsed = Double((ContinuousClock.now - start).components.seconds)
    if share > 0.01, elapsed > 2 {
      let left = Int(elapsed / share - elapsed)
      text +=
        left < 90 ? ", \(left) s left" : left < 5_400 ? ", \(left / 60) min left" : ", \(left / 3_600) h left"
    }
    return text
  }

  private func finish(_ report: Update.Report) throws {
    for failure in report.failures { StandardError.say("\(shortened(failure.path)) \(failure.reason)") }
    for warning in report.warnings {
      StandardError.say("warning: \(shortened(warning.path)): \(warning.sentence)")
    }
    if !report.missing.isEmpty {
      StandardError.say(
        "\(report.missing.count) document\(report.missing.count == 1 ? "" : "s") of the base have no file any more; "
          + "remove them with --prune")
    }
    let object = JSONValue.object([
      .init("added", .number(report.added)), .init("changed", .number(report.changed)),
      .init("removed", .number(report.removed)), .init("unchanged", .number(report.unchanged)),
      .init("failed", .number(report.failures.count)), .init("missing", .number(report.missing.count)),
      .init("chunksEmbedded", .number(report.chunksEmbedded)),
    ])
    try say(
      json ? object : nil,
      "\(report.added) added, \(report.changed) changed, \(report.removed) removed, \(report.unchanged) unchanged, "
        + "\(report.failures.count) failed; \(report.chunksEmbedded) pieces embedded")
    if !report.failures.isEmpty { throw ExitCode(1) }
  }

  private func say(_ json: JSONValue?, _ text: String) throws(CommandError) {
    let file = try OutputFile(path: nil)
    if let json { try file.write(line: json) } else { try file.write("\(text)\n".utf8) }
    try file.finish()
  }
}

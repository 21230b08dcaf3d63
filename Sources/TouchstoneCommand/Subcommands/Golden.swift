import ArgumentParser
import Golden
import JSON
import Touchstone

struct Golden: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a set of vectors with checksums of every layer, or verify one bit by bit.",
    discussion: """
      A golden set has token ids, vectors, checksums of the states after each layer, and a fingerprint of everything \
      that decides a vector's bits. On any processor, the same file of weights gives the same bits; --verify says \
      whether it did, and where the first difference is if not.

        touchstone golden --texts texts.jsonl --output golden.jsonl
        touchstone golden --texts notes.txt --lines --activations i8 \\
            --include-texts --output golden.jsonl
        touchstone golden --verify golden.jsonl --model model.gguf

      Texts are read as embed --input reads them. They are not written into the set unless you ask for it.

      EXIT STATUS of --verify: 0 all bits are the same; 1 they are not; 2 it could not be verified.
      """)

  @Option(
    help: ArgumentHelp("The texts, JSON Lines as for embed --input; - is standard input.", valueName: "file"))
  var texts: String?

  @Flag(help: "The texts are plain text instead, one a line.")
  var lines = false

  @Flag(help: "Write the texts into the set, so that tokenizing is verified too.")
  var includeTexts = false

  @Option(help: ArgumentHelp("Verify this golden set.", valueName: "file"))
  var verify: String?

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Task") var role: RoleOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard (texts == nil) != (verify == nil) else {
      throw ValidationError("Pass --texts FILE to write a golden set, or --verify FILE to check one.")
    }
    if verify != nil, lines || includeTexts || role.role != .document || output.output != nil {
      throw ValidationError("--verify takes everything from the set; pass the model and nothing else.")
    }
    if vectors.pooling == Pooling.none {
      throw ValidationError("--pooling none gives many vectors a text; choose another.")
    }
  }

  mutating func run() throws {
    if let verify {
      try check(verify)
    } else if let texts {
      try write(try InputOptions.reader(path: texts, lines: lines))
    }
  }

  private func write(_ reader: any InputReader) throws {
    let file = try output.open()
    let model = try model.load()
    let options = vectors.embeddingOptions
    let recorder = try GoldenRecorder(model, options: options, role: role.role)
    try file.write(line(try GoldenHeader(source(model, options), role: role.role).json))
    let progress = Progress(isWanted: output.progress)
    defer { progress.clear() }
    while let item = try reader.next() {
      var entry: GoldenEntry
      do {
        entry = try recorder.entry(text: item.text, task: item.task, index: item.index)
      } catch TouchstoneError.inputTooLong(_, let tokens, let limit) {
        throw CommandError.input(
          item.location,
          reason: "the text has \(tokens) tokens, and \(limit) fit; cut it with --truncate right or left")
      } catch TouchstoneError.notFinite {
        throw CommandError.input(
          item.location, reason: "the model gives a vector that is not finite; its file is damaged")
      }
      entry.id = item.id
      if !includeTexts { entry.text = nil }
      try file.write(line(entry.json))
      progress.advance(texts: 1, tokens: entry.tokenIDs.count, fraction: reader.fractionRead)
    }
    try file.finish()
    progress.finish(output: output.output)
  }

  private func line(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    return bytes + [UInt8(ascii: "\n")]
  }

  private func source(_ model: EmbeddingModel, _ options: EmbeddingOptions) throws -> FingerprintSource {
    let line = ProgressLine(isWanted: output.progress)
    defer { line.finish() }
    return try FingerprintSource(model, options: options) { line.show(hashing($0)) }
  }

  private func check(_ path: String) throws {
    let report: GoldenReport
    do {
      report = try GoldenReport(path: path, model: try model.load()) { try source($0, $1) }
    } catch let error as CommandError where error != .interrupted {
      StandardError.say("\(error)")
      throw ExitCode(ExitStatus.usage.rawValue)
    } catch let error as TouchstoneError where error != .cancelled {
      StandardError.say("\(error)")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let file = try OutputFile(path: nil)
    try file.write(DisplayText.harmless(report.text).utf8)
    try file.finish()
    if !report.isVerified { throw ExitCode(1) }
  }
}

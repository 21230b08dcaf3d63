import ArgumentParser
import Golden
import Touchstone

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn texts into vectors.",
    discussion: """
      Texts go in as documents, unchanged; queries for retrieval need --query or --instruct. Results come in \
      input order, as soon as they are done, in memory that does not grow with the input.

        touchstone embed "The file was not found."
        touchstone embed --query "how do I delete a file" --format table
        echo "The file was not found." | touchstone embed -
        touchstone embed --input texts.jsonl --output vectors.jsonl
        touchstone embed --input texts.jsonl --output vectors.jsonl --resume
        touchstone embed --input notes.txt --lines --format npy --output notes.npy
        tail -f log | touchstone embed --input - --lines --dimensions 128

      Formats: jsonl, an object a text: {"index":0,"id":…,"embedding":[…],"tokens":12,"truncated":false}; json, \
      an array of them; npy, a NumPy array of float32; f32, bare little-endian float32; table, a summary to read. \
      With --pooling none every token has a vector: "embeddings" in JSON, a row each elsewhere.
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Task") var role: RoleOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions

  @Option(help: "The form of the output.")
  var format = EmbeddingFormat.jsonl

  @Flag(
    help: ArgumentHelp(
      "Add to each object a fingerprint of all that decides the vector's bits.",
      discussion: """
        The same text with the same fingerprint has the same bits, on any processor. Reads the whole model file once; \
        docs/reference/golden.md lists its parts.
        """))
  var fingerprint = false

  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(
    help: ArgumentHelp(
      "Resume the same command after an interruption.",
      discussion: """
        A run with --output that is interrupted, or meets a faulty line, keeps finished vectors in OUTPUT.partial. The \
        result is that of one run, byte for byte; another model file, other options or other texts are refused.
        """))
  var resume = false

  @Flag(
    help: ArgumentHelp(
      "Go on after lines of --input that are no texts, and name them on standard error.",
      discussion: """
        Broken JSON, objects without "text", bytes that are not UTF-8, halves of surrogate pairs. The others keep \
        their index, so it goes with jsonl and json.
        """))
  var skipBadLines = false

  func validate() throws {
    if skipBadLines {
      guard input.source != nil else {
        throw ValidationError("--skip-bad-lines is about the lines of a file; add --input FILE.")
      }
      guard format == .jsonl || format == .json else {
        throw ValidationError(
          "--skip-bad-lines goes with the formats jsonl and json; in the others every line has a row.")
      }
    }
    if resume {
      guard let path = output.output, path != "-" else {
        throw ValidationError("--resume goes on with a file; add --output FILE.")
      }
      guard format.isResumable else {
        throw ValidationError("--resume does not go with --format \(format.rawValue).")
      }
    }
    if fingerprint, format != .jsonl, format != .json {
      throw ValidationError(
        "--fingerprint goes with the formats jsonl and json; the others have no place for it.")
    }
  }

  mutating func run() throws {
    let given = try input.reader()
    let skipping = skipBadLines ? SkippingReader(given) : nil
    let reader: any InputReader = skipping ?? given
    let earlier = try resume ? resumption?.state() : nil
    let file =
      if let earlier, let resumption {
        try OutputFile(
          continuing: resumption.dataPath, as: resumption.output, byteCount: earlier.byteCount)
      } else {
        try output.open()
      }
    if format.isBinary, file.isTerminal {
      throw CommandError.usage("\(format.rawValue) is not for a terminal; add --output FILE, or pipe it on")
    }
    let model = try model.load()
    let options = vectors.embeddingOptions
    let pooling = options.pooling ?? model.configuration.pooling
    let pipeline = EmbeddingPipeline(
      model: model, options: options, progress: Progress(isWanted: output.progress))
    var ledger = TextLedger()
    if let earlier {
      guard try making(model, options) == earlier.making else {
        throw CommandError.failure(
          "\(resumption?.dataPath ?? "") was made with another model file or other options; give those, or leave out "
            + "--resume")
      }
      try skip(earlier, reader, &ledger)
      pipeline.progress.begin(at: reader.fractionRead)
    }
    var writer = try format.writer(
      to: file, dimensions: options.dimensions ?? model.configuration.hiddenSize,
      isPooled: pooling != Pooling.none, width: file.isTerminal ? Terminal().width : nil,
      continuedBytes: earlier?.byteCount ?? 0, fingerprint: try fingerprints(model, options))
    do {
      try pipeline.run(
        reader, as: role.role,
        deliver: { item, embedding in
          try writer.write(embedding, of: item)
          ledger.note(item)
        },
        endBatch: { try writer.flush() })
    } catch {
      // What came before the failure is whole lines; a reader of standard output gets them.
      try writer.flush()
      try keep(file, ledger, model, options)
      throw error
    }
    try writer.finish()
    resumption?.forget()
    pipeline.progress.finish(output: output.output)
    skipping?.finish()
  }

  /// The fingerprint of each text, or nil where none is wanted.
  private func fingerprints(
    _ model: EmbeddingModel, _ options: EmbeddingOptions
  ) throws -> ((InputItem) throws(TouchstoneError) -> String)? {
    guard fingerprint else { return nil }
    let line = ProgressLine(isWanted: output.progress)
    defer { line.finish() }
    let source = try FingerprintSource(model, options: options) { line.show(hashing($0)) }
    let role = role.role
    return { item throws(TouchstoneError) in
      try source.id(item.task.map(EmbeddingRole.query(task:)) ?? role)
    }
  }
}

// MARK: Interrupted runs

extension Embed {
  /// Where an interrupted run is kept; nil where the output is no file.
  private var resumption: Resumption? {
    guard let path = output.output, path != "-", format.isResumable else { return nil }
    return Resumption(output: resolvedPath(path) ?? path)
  }

  /// Everything that decides the bytes of the output, beside the texts.
  private func making(_ model: EmbeddingModel, _ options: EmbeddingOptions) throws -> String {
    let line = ProgressLine(isWanted: output.progress)
    defer { line.finish() }
    // After an interrupt too: without the hash of the weights nothing could be kept.
    let source = try FingerprintSource(model, options: options, endsWithTask: false) {
      line.show(hashing($0))
    }
    return "\(try source.id(role.role)) \(format.rawValue)\(fingerprint ? " fingerprint" : "")"
  }

  /// Reads the texts that are done, and makes sure that they are the ones that were done.
  private func skip(
    _ state: Resumption.State, _ reader: any InputReader, _ ledger: inout TextLedger
  ) throws {
    while ledger.count < state.textCount, let item = try reader.next() {
      ledger.note(item)
      if Task.isCancelled { throw CommandError.interrupted }
    }
    guard ledger.count == state.textCount, ledger.digest == state.texts else {
      throw CommandError.failure(
        "the first \(Decimal.grouped(state.textCount)) texts are not those that are done; give the same input, or leave out "
          + "--resume")
    }
  }

  /// Keeps what is done for ``resume``, and says so.
  private func keep(
    _ file: OutputFile, _ ledger: TextLedger, _ model: EmbeddingModel, _ options: EmbeddingOptions
  ) throws {
    // OpenBLAS promises no bits: a second run could not go on with the first.
    guard let resumption, file.finalPath != nil, ledger.count > 0, !model.multipliesWithOpenBLAS,
      let byteCount = file.replaceableOffset
    else { return }
    let state = Resumption.State(
      making: try making(model, options), textCount: ledger.count, byteCount: byteCount,
      texts: ledger.digest)
    guard try resumption.keep(file, state) else { return }
    let done = ledger.count == 1 ? "1 text is" : "\(Decimal.grouped(ledger.count)) texts are"
    StandardError.say(
      "\(done) done and kept in \(resumption.dataPath); the same command with --resume goes on")
  }
}

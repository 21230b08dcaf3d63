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
        touchstone embed --input texts.jsonl --output vectors.jsonl
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
        docs/reference/golden.md says what is in it.
        """))
  var fingerprint = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if fingerprint, format != .jsonl, format != .json {
      throw ValidationError(
        "--fingerprint goes with the formats jsonl and json; the others have no place for it.")
    }
  }

  mutating func run() throws {
    let reader = try input.reader()
    let file = try output.open()
    if format.isBinary, file.isTerminal {
      throw CommandError.usage("\(format.rawValue) is not for a terminal; add --output FILE, or pipe it on")
    }
    let model = try model.load()
    let options = vectors.embeddingOptions
    let pooling = options.pooling ?? model.configuration.pooling
    var writer = try format.writer(
      to: file, dimensions: options.dimensions ?? model.configuration.hiddenSize,
      isPooled: pooling != Pooling.none, width: file.isTerminal ? Terminal().width : nil,
      fingerprint: try fingerprints(model, options))
    let pipeline = EmbeddingPipeline(
      model: model, options: options, progress: ProgressReporter(isWanted: output.progress))
    do {
      try pipeline.run(
        reader, as: role.role, deliver: { item, embedding in try writer.write(embedding, of: item) },
        endBatch: { try writer.flush() })
    } catch {
      // What came before the failure is whole lines; a reader of standard output gets them.
      try writer.flush()
      throw error
    }
    try writer.finish()
    pipeline.progress.finish()
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

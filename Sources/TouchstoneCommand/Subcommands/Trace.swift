import ArgumentParser
import Golden
import Touchstone
import Traces

struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write every intermediate of one text's way through the model to a file.",
    discussion: """
      To port the model, write the same from the other program (tools/trace has scripts for transformers and \
      llama.cpp), and touchstone diff names the first place where the two differ. The file is safetensors, float32, \
      [tokens, size] each; docs/reference/trace.md explains its names.

        touchstone trace "The file was not found." --activations f32 \\
            --output ours.safetensors
        touchstone trace --query "disk full" --layers 0,3-5,last \\
            --output some.safetensors
        touchstone trace --names query,query_norm,query_rotated --layers 0 \\
            --ids 785 1034 --output q.safetensors

      Names: \(TraceName.allCases.map(\.text).joined(separator: ", ")).
      """)

  @Argument(help: "The text; with --ids, token ids. After -- a text may begin with a dash.")
  var text: [String] = []

  @Flag(help: "The arguments are token ids, complete, the end of text among them; they are run as they are.")
  var ids = false

  @OptionGroup(title: "Task") var role: RoleOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write, which appears under its name when it is complete.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Only these layers: numbers from 0, ranges, 'last'. (default: all)", valueName: "0,3-5,last"))
  var layers: String?

  @Option(help: ArgumentHelp("Only these names. (default: all)", valueName: "query,key_rotated"))
  var names: String?

  @Flag(help: "Write the text into the file's header. Its token ids are there in any case.")
  var includeText = false

  @Flag(
    inversion: .prefixedNo,
    help: "Write the weights' hash and the fingerprint too: the whole model file is read for it.")
  var fingerprint = true

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Vectors") var vectors: VectorOptions

  func validate() throws {
    if text.isEmpty { throw ValidationError("No text given: pass one, or token ids with --ids.") }
    if !ids, text.count > 1 {
      throw ValidationError("A trace is of one text, found \(text.count); quote it.")
    }
    if ids, role.role != .document {
      throw ValidationError("--ids are complete and carry no instruction; leave out --query and --instruct.")
    }
    if ids, includeText { throw ValidationError("With --ids there is no text to include.") }
  }

  mutating func run() throws {
    let file = try OutputFile(path: output)
    guard file.replaceableOffset != nil else {
      throw CommandError.usage(
        "--output must be a file: values are written where they belong, not one after another")
    }
    let model = try model.load()
    let options = vectors.embeddingOptions
    let (tokenIDs, inputTokenCount) = try sequence(model, options)
    let line = ProgressLine(isWanted: nil)
    defer { line.finish() }
    do {
      let recorder = try TraceRecorder(
        model, tokenIDs, options: options, selection: TraceSelection(layers: layers, names: names),
        metadata: try facts(model, options, tokenIDs, inputTokenCount, line))
      let layerCount = model.configuration.layerCount
      try recorder.write(to: file) { layer in line.show("layer \(layer + 1) of \(layerCount)") }
      try file.finish()
      line.finish()
      let summary = [
        "\(recorder.tensorCount) tensors", tokenIDs.count == 1 ? "1 token" : "\(tokenIDs.count) tokens",
        "\(Decimal.grouped(recorder.layout.byteCount)) bytes",
      ].joined(separator: ", ")
      let report = try OutputFile(path: nil)
      try report.write("\(output): \(summary)\n".utf8)
      try report.finish()
    } catch let error as TraceSelectionError {
      throw CommandError.usage("\(error)")
    }
  }

  private func sequence(
    _ model: EmbeddingModel, _ options: EmbeddingOptions
  ) throws -> (ids: [Int32], inputTokenCount: Int) {
    if ids {
      let ids = try TokenIDReader.ids(arguments: text, option: "--ids")
      return (ids, ids.count)
    }
    do {
      return try model.tokenIDs(of: EmbeddingInput(text[0], as: role.role), options: options)
    } catch TouchstoneError.inputTooLong(_, let tokens, let limit) {
      throw CommandError.failure(
        "the text has \(tokens) tokens, and \(limit) fit; cut it with --truncate right or left")
    }
  }

  /// What the header says beside the model's own facts.
  private func facts(
    _ model: EmbeddingModel, _ options: EmbeddingOptions, _ tokenIDs: [Int32], _ inputTokenCount: Int,
    _ line: ProgressLine
  ) throws -> [String: String] {
    var facts: [String: String] = [:]
    if inputTokenCount > tokenIDs.count { facts["input_tokens"] = "\(inputTokenCount)" }
    if includeText { facts["text"] = role.role.prefix + text[0] }
    if model.multipliesWithOpenBLAS {
      facts["float_multiplier"] = "OpenBLAS"
    } else if fingerprint {
      let source = try FingerprintSource(model, options: options) { line.show(hashing($0)) }
      facts["model"] = source.identity.fileName
      facts["weights_sha256"] = source.identity.sha256
      facts["fingerprint"] = try source.id(role.role)
    }
    return facts
  }
}

/// What a progress line says while the weights are hashed.
func hashing(_ fraction: Double) -> String {
  "hashing the weights: \(Decimal.text(fraction * 100, digits: 0)) %"
}

extension OutputFile: PositionedOutput {
  package func write(_ bytes: [UInt8], at offset: Int) throws { try replace(at: offset, with: bytes) }
}

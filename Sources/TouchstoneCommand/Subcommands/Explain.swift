import ArgumentParser
import Explanations
import JSON
import Touchstone

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show how a text becomes its vector, and why two texts match.",
    discussion: """
      One observed pass: the tokens with their bytes, the merges of a piece, the residual stream by layer, what the \
      last token attends to, and what dimensions and precision do to the vector. With --document, each word of the \
      query and of the document is left out once, and the model is run on the rest: the difference is what the word \
      carries. Two documents show why one is above the other. With a reranker's file as the model, its score is \
      explained.

        touchstone explain "The file was not found."
        touchstone explain --show merges --piece 1 "unbelievable news"
        touchstone explain --query "disk full" \\
            --document "No space left on the device."
        touchstone explain --query "rain" --document "It pours." \\
            --document "It snows." --html match.html
        touchstone explain --against F16.gguf --show vector "disk full"
      """)

  @Argument(help: "The text; with --document, the query. After -- a text may begin with a dash.")
  var text: [String] = []

  @OptionGroup(title: "Task") var role: RoleOptions

  @Option(
    help: ArgumentHelp(
      "Explain why the text matches this document; a second one is compared with the first.",
      valueName: "text"))
  var document: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare the vector with that of this file, the same model in another format.", valueName: "path"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "Show the merges of this piece of the text, counted from 0. (default: the piece with the most)",
      valueName: "n"))
  var piece: Int?

  @Option(
    help: ArgumentHelp(
      "Print only these parts: match, tokens, merges, stream, attention, vector. (default: all)",
      valueName: "parts"))
  var show: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(help: "The precision of the activations that meet the weights.")
  var activations = EmbeddingOptions().activations

  @Option(help: "How states become a vector: last, mean or cls. (default: as the file says)")
  var pooling: Pooling?

  @Flag(help: "Print everything as one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write a page that needs nothing else, for a browser; nothing is printed.", valueName: "file"))
  var html: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file. (default: standard output)", valueName: "file"))
  var output: String?

  func validate() throws {
    guard text.count == 1 else {
      throw ValidationError(
        text.isEmpty
          ? "No text given: pass one." : "An explanation is of one text, found \(text.count); quote it.")
    }
    if document.count > 2 {
      throw ValidationError("--document is given \(document.count) times; compare at most two.")
    }
    if pooling == Pooling.none {
      throw ValidationError("--pooling none gives many vectors a text; choose another.")
    }
    if json, show != nil { throw ValidationError("--json has every part; leave out --show.") }
    if html != nil, json || show != nil || output != nil {
      throw ValidationError(
        "--html writes a whole page to its own file; leave out --json, --show and --output.")
    }
    if let piece, piece < 0 { throw ValidationError("--piece counts from 0, found \(piece).") }
    _ = try parts
  }

  private var parts: Set<ExplanationPart> {
    get throws {
      guard let show else { return Set(ExplanationPart.allCases) }
      return Set(
        try show.split(separator: ",").map { name in
          guard let part = ExplanationPart(rawValue: String(name)) else {
            let names = ExplanationPart.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
              "--show has '\(DisplayText.oneLine(String(name)))', but its parts are \(names).")
          }
          return part
        })
    }
  }

  mutating func run() async throws {
    let parts = try parts
    let file = try OutputFile(path: html ?? output)
    let path = try ModelLocator.locate(model.model)
    let loaded = try load(path)
    for warning in loaded.warnings { StandardError.say("warning: \(warning)") }
    if case .reranker = loaded {
      if document.isEmpty {
        throw CommandError.usage(
          "\(path) is a reranker, which reads a query and a document together; add --document TEXT")
      }
      if against != nil {
        throw CommandError.usage("--against compares vectors, and \(path) is a reranker, which has none")
      }
    }
    var request = ExplanationRequest(text[0], as: role.role, documents: document)
    request.activations = activations
    request.pooling = pooling
    request.piece = piece
    request.comparesVectors = html != nil || json || parts.contains(.vector)
    let line = ProgressLine(isWanted: nil)
    defer { line.finish() }
    let meter = TokenMeter(line)
    let explanation: Explanation
    do {
      let other = try against.map { DirectPasses(try load($0)) { meter.add($0) } }
      explanation = try await Explanation(request, DirectPasses(loaded) { meter.add($0) }, against: other)
    } catch TouchstoneError.inputTooLong(let index, let tokens, let limit) {
      let subject = index == 0 ? "the text" : "a document"
      throw CommandError.failure("\(subject) has \(tokens) tokens, and \(limit) fit; shorten it")
    }
    line.finish()
    try write(explanation, to: file, parts)
    try file.finish()
  }

  private func load(_ path: String) throws -> AnyModel {
    try AnyModel(path: path, threads: model.compute.threads, multiplication: model.compute.multiply)
  }

  private func write(_ explanation: Explanation, to file: OutputFile, _ parts: Set<ExplanationPart>) throws {
    if html != nil { return try file.write(ExplanationPage(explanation).html.utf8) }
    if json {
      var bytes: [UInt8] = []
      bytes.append(json: explanation.json)
      return try file.write(bytes + [UInt8(ascii: "\n")])
    }
    let terminal = Terminal()
    let text = ExplanationText(
      explanation, width: file.isTerminal ? terminal.width : nil,
      hasColors: file.isTerminal && terminal.hasColors, parts: parts)
    try file.write(text.text.utf8)
  }
}

/// Shows how many tokens have gone through the model.
private final class TokenMeter: Sendable {
  /// Used from the one thread that runs passes.
  private nonisolated(unsafe) let line: ProgressLine
  private nonisolated(unsafe) var tokens = 0

  init(_ line: ProgressLine) { self.line = line }

  func add(_ count: Int) {
    tokens += count
    line.show("\(Decimal.grouped(tokens)) tokens run")
  }
}

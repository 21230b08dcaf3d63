import ArgumentParser
import Chunking
import Documents
import JSON
import Knowledge
import Touchstone

struct ChunkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chunk",
    abstract: "Cut a document into pieces, with exact token counts, byte ranges and pages.",
    discussion: """
      The pieces are those that kb add embeds. Byte ranges are of the extracted text, which is the file itself for plain \
      text and Markdown, and Markdown made of the document for other formats: --text writes it.

        touchstone chunk report.pdf
        touchstone chunk notes.md --json --chunk-tokens 200
        touchstone chunk book.epub --text > book.md
      """)

  @Argument(help: "The document.")
  var file: String

  @Flag(help: "Write a JSON object a piece.")
  var json = false

  @Flag(help: "Write the extracted text instead.")
  var text = false

  @Option(
    help: ArgumentHelp(
      "A program that makes Markdown or HTML of other formats: rtf=pandoc --sandbox -t gfm. May be repeated.",
      valueName: "ending=command"))
  var converter: [String] = []

  @OptionGroup(title: "Pieces") var chunking: ChunkingOptionGroup
  @Option(
    help: ArgumentHelp(
      "The GGUF file whose vocabulary counts. (default: $TOUCHSTONE_MODEL, else the model in the repository)",
      valueName: "path"))
  var model: String?
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func run() throws {
    var reader = DocumentReader()
    do throws(ConverterError) {
      for text in converter { reader.converters.append(try DocumentConverter(parsing: text)) }
    } catch {
      throw CommandError.usage("\(error)")
    }
    let document: ExtractedDocument
    do throws(DocumentError) {
      document = try reader.read(try DocumentReader.bytes(path: file, limits: reader.limits), path: file)
    } catch {
      throw CommandError.failure("\(file) \(error)")
    }
    for warning in document.warnings { StandardError.say("warning: \(file): \(warning)") }
    let out = try output.open()
    if text {
      try out.write(document.text)
      try out.finish()
      return
    }
    // Every Qwen3 model has this context; the vocabulary alone does not say it.
    let tokenizer = try TextTokenizer(path: ModelLocator.locate(model))
    let options = try chunking.options(context: 32_768)
    for (index, chunk) in Chunker(meter: tokenizer, options: options).chunks(of: document).enumerated() {
      if json {
        try out.write(line: Self.json(chunk, index: index, document))
      } else {
        let place =
          chunk.pages.map {
            $0.count == 1 ? "page \($0.lowerBound)" : "pages \($0.lowerBound)–\($0.upperBound)"
          }
          ?? "line \(chunk.lines.lowerBound)"
        var line = Decimal.text(Double(index + 1), digits: 0, width: 5)
        line += Decimal.text(Double(chunk.tokenCount), digits: 0, width: 6) + " tokens  "
        line += "\(chunk.bytes.lowerBound)–\(chunk.bytes.upperBound)  \(place)"
        if !chunk.headings.isEmpty {
          line += "  " + DisplayText.oneLine(chunk.headings.joined(separator: " > "))
        }
        try out.write("\(line)\n".utf8)
        let words = DisplayText.oneLine(document.string(chunk.bytes))
        try out.write("       \(DisplayText.cut(words, to: 100))\n".utf8)
      }
    }
    try out.finish()
  }

  static func json(_ chunk: Chunk, index: Int, _ document: ExtractedDocument) -> JSONValue {
    .object([
      .init("index", .number(index)), .init("start", .number(chunk.bytes.lowerBound)),
      .init("end", .number(chunk.bytes.upperBound)), .init("tokens", .number(chunk.tokenCount)),
      .init("page", .orNull(chunk.pages?.lowerBound)),
      .init("lastPage", .orNull(chunk.pages?.upperBound)),
      .init("line", .number(chunk.lines.lowerBound)), .init("lastLine", .number(chunk.lines.upperBound)),
      .init("heading", .array(chunk.headings.map(JSONValue.string))), .init("lead", .string(chunk.lead)),
      .init("text", .string(document.string(chunk.bytes))),
    ])
  }
}

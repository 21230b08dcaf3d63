import ArgumentParser
import JSON
import Touchstone

struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn texts into token ids, or ids into text.",
    usage: "touchstone tokenize [<options>] [<texts> ...]",
    discussion: """
      The ids are those that the model sees: with the end of text as the file asks for it and, for queries, with the \
      instruction. Reads no weights, so a vocabulary-only file will do.

        touchstone tokenize "The file was not found."
        touchstone tokenize --pieces "Datei nicht gefunden"
        touchstone tokenize --count --input notes.txt --lines | sort -n | tail -1
        touchstone tokenize --decode 9707 1879

      Output, an object a text: {"index":0,"id":…,"ids":[…]}; with --pieces also "pieces", the text of each token, \
      and "offsets", where in the text (with its instruction) the bytes of each begin and end. With --count, a number \
      a text. With --decode, ids given as arguments become text as it is; with --input, a JSON array of ids a line \
      (or an object with "ids", as printed here) becomes a JSON string a line.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "The GGUF file. (default: $TOUCHSTONE_MODEL, else the model in the repository)", valueName: "path"))
  var model: String?

  @OptionGroup(title: "Task") var role: RoleOptions

  @Flag(help: "Add each token's text and the bytes it stands for.")
  var pieces = false

  @Flag(help: "Print the number of tokens of each text, nothing else.")
  var count = false

  @Flag(help: "Turn ids into text.")
  var decode = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file. (default: standard output)", valueName: "file"))
  var output: String?

  func validate() throws {
    if [pieces, count, decode].count(where: { $0 }) > 1 {
      throw ValidationError("Pass one of --pieces, --count and --decode.")
    }
    if decode, input.lines { throw ValidationError("--decode reads ids as JSON; leave out --lines.") }
    if decode, role.role != .document {
      throw ValidationError("--query and --instruct do not go with --decode.")
    }
  }

  mutating func run() throws {
    let file = try OutputFile(path: output)
    let tokenizer = try TextTokenizer(path: ModelLocator.locate(model))
    for warning in tokenizer.endOfTextSetting.warnings { StandardError.say("warning: \(warning)") }
    do {
      if decode { try decodeIDs(with: tokenizer, to: file) } else { try encode(with: tokenizer, to: file) }
    } catch {
      // What came before the failure is whole lines; a reader of standard output gets them.
      try file.flush()
      throw error
    }
    try file.finish()
  }

  private func encode(with tokenizer: TextTokenizer, to file: OutputFile) throws {
    let reader = try input.reader()
    while let item = try reader.next() {
      let text = (item.task.map(EmbeddingRole.query(task:)) ?? role.role).prefix + item.text
      var line: [UInt8] = []
      if count {
        line.append("\(tokenizer.count(text))")
      } else if pieces {
        line.append(json: try Self.describe(item, tokens: tokenizer.tokens(of: text), tokenizer: tokenizer))
      } else {
        line.append(json: .object(Self.members(item, ids: tokenizer.tokenIDs(of: text))))
      }
      line.append("\n")
      try file.write(line)
      if reader.wouldBlock { try file.flush() }
      if Task.isCancelled { throw CommandError.interrupted }
    }
  }

  private static func members(_ item: InputItem, ids: [Int32]) -> [JSONValue.Member] {
    [.init("index", .number(item.index))] + (item.id.map { [.init("id", $0)] } ?? [])
      + [.init("ids", .array(ids.map { .number(Int($0)) }))]
  }

  private static func describe(
    _ item: InputItem, tokens: [TextToken], tokenizer: TextTokenizer
  ) throws -> JSONValue {
    var pieces: [JSONValue] = []
    for token in tokens { pieces.append(.string(try tokenizer.piece(token.id))) }
    let offsets = tokens.map { token in
      JSONValue.array([.number(token.bytes.lowerBound), .number(token.bytes.upperBound)])
    }
    return .object(
      members(item, ids: tokens.map(\.id)) + [
        .init("pieces", .array(pieces)), .init("offsets", .array(offsets)),
      ])
  }

  private func decodeIDs(with tokenizer: TextTokenizer, to file: OutputFile) throws {
    guard let path = input.source else {
      let ids = try TokenIDReader.ids(arguments: input.texts)
      return try file.write((tokenizer.decode(ids) + "\n").utf8)
    }
    let reader = TokenIDReader(try LineReader(path: path))
    while let (ids, location) = try reader.next() {
      var line: [UInt8] = []
      do {
        line.append(json: try tokenizer.decode(ids))
      } catch {
        throw CommandError.input(location, reason: "\(error)")
      }
      line.append("\n")
      try file.write(line)
      if reader.wouldBlock { try file.flush() }
      if Task.isCancelled { throw CommandError.interrupted }
    }
  }
}

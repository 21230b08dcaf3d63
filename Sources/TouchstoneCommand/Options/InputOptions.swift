import ArgumentParser

/// Where texts come from: the command line, a file, or standard input.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "Texts; - alone is standard input, one text a line. After -- a text may begin with a dash.")
  var texts: [String] = []

  @Option(
    help: ArgumentHelp(
      "Read texts from a JSON Lines file; - is standard input.",
      discussion: """
        A line is a string, or an object with "text" and optional "id" (echoed) and "instruct" (a task for this \
        text alone). Other keys are ignored.
        """, valueName: "file"))
  var input: String?

  @Flag(help: "The input is plain text instead, one text a line; empty lines are texts.")
  var lines = false

  func validate() throws {
    if texts.isEmpty, input == nil {
      throw ValidationError(
        "No text given: pass texts as arguments, - for standard input, or --input FILE.")
    }
    if !texts.isEmpty, input != nil {
      throw ValidationError("Pass texts as arguments or with --input, not both.")
    }
    if lines, source == nil {
      throw ValidationError("--lines says what --input holds; add --input FILE (- for standard input).")
    }
  }

  /// Whether the only text is a dash, which stands for standard input as in other commands. After -- it is a
  /// text.
  var isStandardInput: Bool { texts == ["-"] && !CommandLine.arguments.contains("--") }

  /// The file that texts come from; nil where they are arguments.
  var source: String? { input ?? (isStandardInput ? "-" : nil) }

  func reader() throws(CommandError) -> any InputReader {
    guard let source else { return ArgumentReader(texts) }
    return try Self.reader(path: source, lines: lines || isStandardInput)
  }

  /// The texts of a file: JSON Lines or, with `lines`, plain text.
  static func reader(path: String, lines: Bool) throws(CommandError) -> any InputReader {
    let reader = try LineReader(path: path)
    return lines ? PlainTextReader(reader) : JSONLinesReader(reader)
  }
}

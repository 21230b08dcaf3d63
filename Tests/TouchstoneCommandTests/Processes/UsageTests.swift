import Testing

/// Sentences and exit statuses for what cannot be done.
struct UsageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    (["embed"], "No text given: pass texts as arguments, - for standard input, or --input FILE."),
    (["embed", "a", "--input", "-"], "Pass texts as arguments or with --input, not both."),
    (["embed", "a", "--lines"], "--lines says what --input holds; add --input FILE (- for standard input)."),
    (
      ["embed", "a", "--query", "--instruct", "b"],
      "--query is --instruct with the default task; pass one of them."
    ),
    (["embed", "a", "--dimensions", "0"], "--dimensions must be at least 1, found 0."),
    (["embed", "a", "--threads", "0"], "--threads must be at least 1, found 0."),
    (["embed", "a", "--threads", "1025"], "--threads must be at most 1024, found 1025."),
    (["check", "--texts", "-", "--threads", "70000"], "--threads must be at most 1024, found 70000."),
    (
      ["embed", "a", "--batch-tokens", "4611686018427387904"],
      "--batch-tokens must be at most 2^40, found 4611686018427387904."
    ),
    (
      ["bench", "--sequences", "4611686018427387904"],
      "--sequences must be at most 1048576, found 4611686018427387904."
    ),
    (["embed", "a", "--zzzzzz"], "Unknown option '--zzzzzz'"),
    (["embbed", "x"], "there is no subcommand 'embbed'; did you mean 'embed'?"),
    (["Similarty"], "there is no subcommand 'Similarty'; did you mean 'similarity'?"),
    (["vectors"], "there is no subcommand 'vectors'"),
    (["embed", "a", "--resume"], "--resume goes on with a file; add --output FILE."),
    (
      ["embed", "a", "--resume", "--output", "out", "--format", "table"],
      "--resume does not go with --format table."
    ),
    (["tokenize", "a", "--count", "--pieces"], "Pass one of --pieces, --count and --decode."),
    (["tokenize", "a", "--decode"], "--decode takes token ids, whole numbers from 0 to 2147483647"),
    (["similarity", "a", "--pooling", "none"], "--pooling none gives many vectors a text; choose another."),
    (
      ["similarity", "a", "--no-instruct"],
      "--instruct and --no-instruct are about queries; add --against or --queries."
    ),
    (["search", "--corpus", "-"], "No query given: pass one or more as arguments."),
    (["search", "--corpus", "-", "a", "-k", "0"], "--top must be at least 1, found 0."),
  ])
  func aWrongCommandLineIsStatusTwo(arguments: [String], sentence: String) throws {
    let command = try Command.run(arguments)
    #expect(command.status == 2)
    #expect(command.output.isEmpty)
    #expect(command.errors.split(separator: "\n").first == "touchstone: \(sentence)")
  }

  /// Every numeric option of every subcommand, at both ends of what an `Int` holds and just outside of its
  /// range: arithmetic on such a number once ended the process with SIGILL.
  private static let ranges: [(start: String, option: String, least: Int, most: Int)] = [
    ("embed a", "dimensions", 1, 1 << 40), ("embed a", "max-tokens", 1, 1 << 40),
    ("embed a", "batch-tokens", 1, 1 << 40), ("embed a", "threads", 1, 1024),
    ("similarity a", "batch-tokens", 1, 1 << 40), ("search --corpus - a", "batch-tokens", 1, 1 << 40),
    ("search --corpus - a", "top", 1, 1 << 40),
    ("search --corpus - a --rerank x", "rerank-top", 1, 1 << 40),
    ("rerank --query a b", "batch-tokens", 1, 1 << 40), ("rerank --query a b", "max-tokens", 1, 1 << 40),
    ("rerank --query a b", "top", 1, 1 << 40), ("rerank --query a b", "threads", 1, 1024),
    ("trace a --output /no/such/folder/x", "batch-tokens", 1, 1 << 40),
    ("golden --texts -", "batch-tokens", 1, 1 << 40),
    ("bench", "tokens", 1, 1 << 20), ("bench", "sequences", 1, 1 << 20),
    ("bench", "repetitions", 1, 1 << 20), ("bench", "warmup", 0, 1 << 20),
    ("bench", "batch-tokens", 1, 1 << 20), ("bench", "threads", 1, 1024),
    ("make-model /no/such/folder/x", "layers", 1, 1 << 40),
    ("make-model /no/such/folder/x", "hidden", 1, 1 << 40),
    ("make-model /no/such/folder/x", "heads", 1, 1 << 40),
    ("make-model /no/such/folder/x", "vocabulary-size", 1, 1 << 40),
    ("make-model /no/such/folder/x", "threads", 1, 1024),
    ("check --texts -", "timeout", 1, 86400), ("check --texts -", "search-seconds", 0, 1_000_000),
    ("check --texts -", "threads", 1, 1024),
    ("serve", "threads", 1, 1024), ("serve", "port", 0, 65535),
  ]

  @Test func everyNumericOptionHasARange() throws {
    for (start, option, least, most) in Self.ranges {
      try checkRange(start, option, least, most)
    }
  }

  private func checkRange(_ start: String, _ option: String, _ least: Int, _ most: Int) throws {
    for value in [least - 1, most + 1, Int.max] {
      let bound = value < least ? "at least \(least)" : "at most \(most == 1 << 40 ? "2^40" : "\(most)")"
      let command = try Command.run(start.split(separator: " ").map(String.init) + ["--\(option)=\(value)"])
      #expect(command.status == 2 && command.output.isEmpty, "\(start) --\(option)=\(value)")
      #expect(
        command.errors.split(separator: "\n").first
          == "touchstone: --\(option) must be \(bound), found \(value).")
    }
  }

  @Test func aWrongValueNamesTheRightOnes() throws {
    let command = try Command.run("embed", "a", "--truncate", "middle")
    #expect(command.status == 2)
    #expect(command.errors.contains("'error', 'right' or 'left'"))
  }

  @Test(arguments: [
    (["embed", "--input", "/no/such/file"], "cannot read /no/such/file: No such file or directory"),
    (["embed", "--input", "/"], "cannot read /: Is a directory"),
    (
      ["embed", "a", "--output", "/no/such/folder/out"],
      "cannot write /no/such/folder/out: No such file or directory"
    ),
    (["embed", "a", "--output", "/dev/full"], "cannot write /dev/full: No space left on device"),
    (
      ["embed", "a", "--output", "/dev/full", "--format", "npy"],
      "cannot write /dev/full: No space left on device"
    ),
    (["search", "--corpus", "/no/such/file", "a"], "cannot read /no/such/file: No such file or directory"),
  ])
  func whatCannotBeDoneIsStatusOne(arguments: [String], sentence: String) throws {
    let command = try Command.run(arguments)
    #expect(command.status == 1)
    #expect(command.output.isEmpty)
    #expect(command.errors == "touchstone: \(sentence)\n")
  }

  @Test(arguments: ["embed", "tokenize", "inspect"])
  func aFileThatIsNoModelIsNamed(subcommand: String) throws {
    let path = try folder.file("model.gguf", "This is not a model at all.")
    let arguments = subcommand == "inspect" ? [subcommand, path] : [subcommand, "a", "--model", path]
    let command = try Command.run(arguments)
    #expect(command.status == 1)
    #expect(command.errors.hasPrefix("touchstone: \(path): "))
    #expect(command.errors.split(separator: "\n").count == 1)
  }

  @Test func theEnvironmentNamesTheModel() throws {
    let path = folder.path("none.gguf")
    let command = try Command.run("tokenize", "a", environment: ["TOUCHSTONE_MODEL": path])
    #expect(command.status == 1)
    #expect(command.errors.hasPrefix("touchstone: \(path): "))
    let named = try Command.run(
      "tokenize", "a", "--model", "testdata/demo/demo-q4_k_m.gguf", environment: ["TOUCHSTONE_MODEL": path])
    #expect(named.status == 0)
  }

  @Test func argumentsMustBeUTF8() throws {
    // Foundation passes strings only; a shell passes any bytes.
    let process = try Shell.run("'\(Command.executable.path)' tokenize \"$(printf 'a\\377')\"")
    #expect(process.status == 2)
    #expect(process.errors == "touchstone: argument 2 is not UTF-8; convert it, or pass the text in a file\n")
  }

  @Test(arguments: [
    [], ["embed"], ["tokenize"], ["similarity"], ["search"], ["rerank"], ["inspect"], ["bench"],
    ["make-model"],
  ])
  func helpTeaches(subcommand: [String]) throws {
    let command = try Command.run(subcommand + ["--help"])
    #expect(command.status == 0)
    #expect(command.errors == "")
    #expect(command.text.contains("\n  touchstone \(subcommand.first ?? "embed") "))
    #expect(command.lines.allSatisfy { $0.count <= 80 })
  }

  /// An example is copied as it stands: whole, or continued with a backslash.
  @Test(arguments: [
    "embed", "tokenize", "similarity", "search", "rerank", "check", "trace", "diff", "golden", "bench",
    "make-model", "serve", "pull", "models", "verify", "inspect", "chunk", "kb", "kb add", "kb search", "",
  ])
  func examplesCanBeCopied(subcommand: String) throws {
    let command = try Command.run(subcommand.split(separator: " ").map(String.init) + ["--help"])
    let lines = command.text.split(separator: "\n", omittingEmptySubsequences: false)
    var exampleCount = 0
    for (index, line) in lines.enumerated()
    where line.hasPrefix("  touchstone ") || line.contains("| touchstone ") {
      exampleCount += 1
      var last = index
      while lines[last].hasSuffix("\\") { last += 1 }
      #expect(lines[index...last].allSatisfy { $0.count < 78 }, "\(line)")
      // What follows is another example or an empty line, and not the rest of this one.
      let next = last + 1 < lines.count ? lines[last + 1] : ""
      #expect(next.isEmpty || next.hasPrefix("  ") && !next.hasPrefix("   "), "\(line) \(next)")
    }
    #expect(exampleCount > 0)
  }

  @Test func theVersionNamesWhatComputes() throws {
    let command = try Command.run("--version")
    #expect(command.status == 0)
    #expect(command.lines.count == 6)
    for (line, prefix) in zip(
      command.lines, ["touchstone ", "commit: ", "build: release, whole", "kernels: ", "CPU: ", "BLAS: "])
    {
      #expect(line.hasPrefix(prefix) && line.count > prefix.count)
    }
  }
}

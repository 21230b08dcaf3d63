import ArgumentParser
import JSON
import Oracle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether another engine's vectors are right, and which mistake it makes.",
    discussion: """
      The other engine embeds a set of probing texts. Touchstone computes the right vectors from the same GGUF file, and \
      emulates every known mistake until one predicts the other engine's answers.

        touchstone check http://127.0.0.1:8080 --html report.html \\
            --model Qwen3-Embedding-0.6B-Q8_0.gguf
        touchstone check --texts texts.jsonl
        touchstone check --vectors vectors.jsonl \\
            --model Qwen3-Embedding-0.6B-Q8_0.gguf

      Vectors are JSON Lines, {"id":"plain-words","embedding":[…]}, or an npy array with a row for each line of the \
      texts. A text that is missing leaves the verdict open. With the file of a reranker the texts are pairs of query and \
      document, and answers are scores, {"id":"answer","score":0.93}. docs/how-to/check.md explains it all.

      EXIT STATUS, about the vectors alone: 0 they are right; 1 a mistake is named; 2 they differ and no known mistake \
      explains it, some are missing, or the command line is wrong (then nothing is on standard output); 3 no check took \
      place; 4, with --strict, the vectors are right and the server's HTTP API deviates.
      """)

  @Argument(
    help: ArgumentHelp(
      "The address of a server: its base, http://127.0.0.1:8080, or that of an endpoint.", valueName: "url"))
  var address: String?

  @Option(help: ArgumentHelp("Write the probing texts to a file ('-': standard output).", valueName: "file"))
  var texts: String?

  @Option(
    name: [.long, .customLong("scores")],
    help: ArgumentHelp(
      "Judge the vectors, or the scores, of a file ('-': standard input).", valueName: "file"))
  var vectors: String?

  @Flag(help: "With --texts: also the probes that need an engine's options: token ids, dimensions.")
  var withOptions = false

  @Flag(
    help:
      "Also texts above 2048, 8192 and 16384 tokens, as far as the model's context goes: minutes on large models."
  )
  var long = false

  @Option(
    help: ArgumentHelp(
      "Another file of the same model, such as another quantization, to try where the vectors do not match --model. Repeat it for several.",
      valueName: "path"))
  var also: [String] = []

  @Option(
    help: ArgumentHelp(
      "How long combinations of two and three mistakes are tried. Single ones always are.",
      valueName: "seconds"))
  var searchSeconds = Int(Examination.searchTime.components.seconds)

  @OptionGroup(title: "Server") var backend: BackendOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Reports") var reports: ReportOptions

  @Flag(help: "Take a set with missing vectors for whole, and judge those that are there.")
  var allowMissing = false

  @Flag(help: "End with status 4 where the vectors are right and the server's HTTP API deviates.")
  var strict = false

  @Flag(help: "Print the verdict as one JSON object.")
  var json = false

  @Flag(help: "Show the probing texts in reports; without it they hold names only.")
  var showTexts = false

  @Flag(inversion: .prefixedNo, help: "Report each attempt on standard error. (default: on a terminal)")
  var progress: Bool?

  func validate() throws {
    if [address, texts, vectors].count(where: { $0 != nil }) != 1 {
      throw ValidationError("Pass one of: the address of a server, --vectors, --texts.")
    }
    try CountRange.check("search-seconds", searchSeconds, 0...1_000_000)
  }

  mutating func run() async throws {
    let emulator = try checking {
      try makeEmulator(path: ModelLocator.locate(model.model))
    }
    let probes = emulator.probeSet(includesLong: long)
    if let texts {
      let file = try OutputFile(path: texts)
      let chosen = withOptions ? probes : probes.filter { !ProbeFile.needsOptions($0) }
      try file.write(checking { try ProbeFile.lines(chosen, emulator) })
      try file.finish()
    } else if let vectors {
      try write(judge(vectors, probes, emulator), subject: vectors)
    } else if let address {
      try await judge(server: address, probes, emulator)
    }
  }

  private func makeEmulator(path: String) throws -> Emulator {
    try Emulator(path: path, threads: model.compute.threads, multiplication: model.compute.multiply)
  }

  private func judge(server address: String, _ probes: [Probe], _ emulator: Emulator) async throws {
    do {
      let settings = backend.settings(address: address)
      let others = try also.map { try makeEmulator(path: ModelLocator.resolve($0)) }
      if emulator.measure == .scores {
        let server = try await RerankBackend.connect(settings)
        var examination = RerankExamination(
          server, emulator, probes, searchTime: searchTime, progress: reporter)
        examination.requiresAll = !allowMissing
        let verdict = try await examination.verdict(
          others: others, showsTexts: showTexts, behaviour: !backend.vectorsOnly)
        return try write(verdict, subject: server.name)
      }
      let server = try await RemoteBackend.connect(settings)
      var examination = RemoteExamination(
        server, emulator, probes, searchTime: searchTime, progress: reporter)
      examination.requiresAll = !allowMissing
      let verdict = try await examination.verdict(
        others: others, showsTexts: showTexts, behaviour: !backend.vectorsOnly,
        longestText: long ? emulator.configuration.contextLength : LongInput.defaultLength)
      try write(verdict, subject: server.name)
    } catch BackendError.cancelled {
      throw CommandError.interrupted
    } catch OracleError.cancelled {
      throw CommandError.interrupted
    } catch let error as BackendError {
      throw CommandError.checkFailed("\(error)")
    } catch let error as OracleError {
      throw CommandError.checkFailed("\(error)")
    }
  }

  private func judge(_ vectors: String, _ probes: [Probe], _ emulator: Emulator) throws -> Verdict {
    try checking {
      let observations = try VectorFile.observations(
        WholeFile.bytes(vectors), name: vectors, probes: probes,
        hiddenSize: emulator.configuration.hiddenSize,
        measure: emulator.measure)
      let others = try also.map { try makeEmulator(path: ModelLocator.resolve($0)) }
      var examination = Examination(
        emulator, probes, observations, searchTime: searchTime, progress: reporter)
      examination.requiresAll = !allowMissing
      return try examination.verdict(others: others, showsTexts: showTexts)
    }
  }

  private var searchTime: Duration { .seconds(searchSeconds) }

  private var reporter: (String) -> Void {
    guard progress ?? (isatty(STDERR_FILENO) == 1) else { return { _ in } }
    return { StandardError.say("trying \($0)") }
  }

  private func write(_ verdict: Verdict, subject: String) throws {
    try reports.write(verdict, subject: subject, isStrict: strict)
    let file = try OutputFile(path: nil)
    if json {
      var bytes: [UInt8] = []
      bytes.append(json: VerdictJSON(verdict).value)
      bytes.append("\n")
      try file.write(bytes)
    } else {
      try file.write(DisplayText.harmless(VerdictText(verdict).text).utf8)
    }
    try file.finish()
    switch verdict.outcome {
    case .agrees: if strict, !verdict.deviations.isEmpty { throw ExitCode(4) }
    case .diagnosed: throw ExitCode(1)
    case .unknown, .incomplete: throw ExitCode(2)
    }
  }

  /// What fails here is the check, not the other side: a status of its own.
  private func checking<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch OracleError.cancelled {
      throw CommandError.interrupted
    } catch let error as OracleError {
      throw CommandError.checkFailed("\(error)")
    } catch let error as CommandError where error != .interrupted && error != .brokenPipe {
      throw CommandError.checkFailed("\(error)")
    }
  }
}

import ArgumentParser
import Profiling
import Touchstone

#if NETWORK
  import Oracle
#endif

struct Profile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record a pass: every job of every worker, the roofs above each kernel, the worst gaps.",
    discussion: """
      Runs the same pass several times, each once with and once without a recording, and says where the time of the \
      workers went. --trace writes a file for ui.perfetto.dev or chrome://tracing, --html a page that needs nothing else. \
      Close other programs, and compare only figures of the same minute.

        touchstone profile --model 0.6B "The file was not found."
        touchstone profile --tokens 512 --trace trace.json --html profile.html
        touchstone profile --scaling --json
        touchstone profile --service http://127.0.0.1:8080 --seconds 60

      docs/how-to/profile.md explains the figures.

      \(ExitStatus.explanation)
      """)

  @Argument(help: "Texts, which go through the model together. After -- a text may begin with a dash.")
  var text: [String] = []

  @Option(
    help: ArgumentHelp(
      "Instead of texts: random token ids, so many, the end of text included. (default: 128)",
      valueName: "n"))
  var tokens: Int?

  @Option(name: [.customLong("repeat")], help: ArgumentHelp("Passes that are recorded.", valueName: "n"))
  var repetitions = ProfileOptions().repetitions

  @Option(help: "The precision of the activations that meet the weights.")
  var activations = ProfileOptions().activations

  @Option(help: ArgumentHelp("How many tokens go through the model together.", valueName: "n"))
  var batchTokens = ProfileOptions().batchTokens

  @Flag(
    inversion: .prefixedNo,
    help:
      "Measure the machine's peaks, which takes some seconds and 256 MB. A service runs no pass meanwhile. (default: yes, of a service no)"
  )
  var peaks: Bool?

  @Flag(help: "Time the pass with fewer threads too, and passes of 1 to 1024 tokens.")
  var scaling = false

  @Option(help: ArgumentHelp("Write the recording in Chrome's trace event format.", valueName: "file"))
  var trace: String?

  @Option(help: ArgumentHelp("Write one HTML page with pictures.", valueName: "file"))
  var html: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  #if NETWORK
    @Option(
      help: ArgumentHelp("Instead of a model: the passes of a running service.", valueName: "url"))
    var service: String?

    @Option(help: ArgumentHelp("How long the service records, at most 60.", valueName: "n"))
    var seconds: Int?

    @Option(
      help: ArgumentHelp(
        "The key that the service requires. (default: $TOUCHSTONE_API_KEY, which other users of the machine do not see)",
        valueName: "key"))
    var apiKey: String?

    @Option(
      help: ArgumentHelp(
        "A PEM file with the service's own certificate, or that of the authority that signed it.",
        valueName: "file"))
    var caFile: String?
  #endif

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    try CountRange.check("tokens", tokens, 1...1 << 20)
    try CountRange.check("repeat", repetitions, 1...10_000)
    try CountRange.check("batch-tokens", batchTokens, 1...1 << 20)
    if tokens != nil, !text.isEmpty {
      throw ValidationError("Pass texts or --tokens, not both.")
    }
    #if NETWORK
      try CountRange.check("seconds", seconds, 1...60)
      if service == nil, seconds != nil || apiKey != nil || caFile != nil {
        throw ValidationError("--seconds, --api-key and --ca-file go with --service.")
      }
      if service != nil, !text.isEmpty || tokens != nil || scaling || model.model != nil {
        throw ValidationError(
          "--service records the service's own passes; leave out texts, --tokens, --scaling and --model.")
      }
    #endif
  }

  mutating func run() async throws {
    let file = try OutputFile(path: nil)
    let traceFile = try trace.map { try OutputFile(path: $0) }
    let pageFile = try html.map { try OutputFile(path: $0) }
    let line = ProgressLine(isWanted: nil)
    defer { line.finish() }
    let report = try await report(line)
    line.finish()
    try traceFile?.write(ChromeTrace(report.recording).json)
    try traceFile?.finish()
    try pageFile?.write(ProfilePage(report).html.utf8)
    try pageFile?.finish()
    try file.write(
      json ? ProfileJSON(report).bytes : Array(DisplayText.harmless(ProfileTable(report).text).utf8))
    try file.finish()
  }

  private func report(_ line: ProgressLine) async throws -> ProfileReport {
    #if NETWORK
      if let service {
        return try await ServiceProfile.report(
          service, seconds: seconds ?? 10,
          key: apiKey ?? Environment[BackendOptions.keyVariable].flatMap { $0.isEmpty ? nil : $0 },
          trust: caFile.map(CertificateTrust.file) ?? .system, peaks: peaks ?? false)
      }
    #endif
    // On one thread from here to its end: its counters are of the thread that opens them.
    let profiler = try Profiler(path: ModelLocator.locate(model.model), options: options)
    return try profiler.run { step in line.show("measuring: \(step)") }
  }

  private var options: ProfileOptions {
    var options = ProfileOptions()
    options.work = text.isEmpty ? .tokens(tokens ?? 128) : .texts(text)
    options.repetitions = repetitions
    options.threadCount = model.compute.threads
    options.multiplication = model.compute.multiply
    options.activations = activations
    options.batchTokens = batchTokens
    options.measuresRoofs = peaks ?? true
    options.measuresScaling = scaling
    return options
  }
}

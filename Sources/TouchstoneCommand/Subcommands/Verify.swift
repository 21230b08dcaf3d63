import ArgumentParser
import JSON
import KnownAnswers
import Touchstone
import Workbench

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the answers of an official model's file with published ones.",
    discussion: """
      Computes vectors, similarities and scores from the file, and compares them with published ones of Qwen3-Embedding \
      and Qwen3-Reranker, which other programs computed. The tolerances follow from the file's block formats. The \
      published figures are a part of the program: nothing is downloaded.

        touchstone verify Qwen3-Embedding-0.6B-Q8_0.gguf
        touchstone verify --report Qwen3-Embedding-4B-Q4_K_M.gguf

      EXIT STATUS: 0 the answers are the published ones; 1 they are not, or the file failed; 2 the command line is \
      wrong; 3 the file is no official model, or nothing was published that could be compared.
      """)

  @Argument(help: "The GGUF file, the first part of a split one, or a name that touchstone models lists.")
  var file: String

  @Flag(help: "Print one JSON object, with the source of each figure.")
  var json = false

  @Flag(help: "Print Markdown to paste into an issue: machine, versions, figures; no texts.")
  var report = false

  @Option(help: "The precision of the activations that meet the weights.")
  var activations = EmbeddingOptions().activations

  @Option(
    help: ArgumentHelp("How many threads compute. (default: as many as the process may use)", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if json, report { throw ValidationError("--json and --report are two forms of one answer; pass one.") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, found \(threads).") }
  }

  mutating func run() throws {
    let verification = try Verification(
      path: ModelLocator.resolve(file), activations: activations, threads: threads)
    let report = VerificationReport(verification, processor: processorName())
    let output = try OutputFile(path: nil)
    if json {
      var bytes: [UInt8] = []
      bytes.append(json: report.json)
      try output.write(bytes + [UInt8(ascii: "\n")])
    } else {
      try output.write((self.report ? report.markdown : report.text).utf8)
    }
    try output.finish()
    switch verification.outcome {
    case .within: break
    case .outside: throw ExitCode(ExitStatus.failure.rawValue)
    case .notOfficial, .notChecked: throw ExitCode(ExitStatus.checkFailed.rawValue)
    }
  }
}

import ArgumentParser
import Touchstone
import Workbench

struct MakeModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model with random weights, to measure speed without a download.",
    discussion: """
      Sizes, block formats, vocabulary and metadata are those of the published files; the vectors mean nothing. The \
      same options and seed give the same bytes everywhere. llama.cpp runs the files too.

        touchstone make-model --shape 0.6b --type Q4_K_M model.gguf
        touchstone make-model --shape 8b --layers 4 --type Q8_0 four-layers.gguf
        touchstone make-model --reranker --type Q8_0 reranker.gguf

      Types are the mixes of llama-quantize, by its names: \
      \(WeightMix.allCases.map(\.rawValue).joined(separator: ", ")). Where the rows of a matrix are not whole blocks \
      of its format, a format with shorter blocks is taken, as llama-quantize does.

      \(ExitStatus.explanation)
      """)

  @Argument(help: ArgumentHelp("The file to write; an existing one is replaced.", valueName: "out.gguf"))
  var output: String

  @OptionGroup(title: "Shape") var shape: ShapeOptions

  @Option(help: ArgumentHelp("The mix of block formats.", valueName: "name"))
  var type = "Q4_K_M"

  @Flag(help: "A reranker: a head with the rows yes and no, and the metadata of a Qwen3-Reranker.")
  var reranker = false

  @Flag(help: "Store every matrix in the main format of the type, the embedding table too.")
  var pure = false

  @Option(help: ArgumentHelp("Another seed gives other weights.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "A GGUF file to take tokens and merges from. (default: the one in the repository, else bytes)",
      valueName: "gguf"))
  var vocabulary: String?

  @Option(
    help: ArgumentHelp("How many threads work. (default: as many as the process may use)", valueName: "n"))
  var threads: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Report progress on standard error. (default: on a terminal, after a second)")
  var progress: Bool?

  func validate() throws {
    try CountRange.check("threads", threads, CountRange.threads)
    if WeightMix(name: type) == nil {
      let names = WeightMix.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--type \(type) is not known; choose one of \(names).")
    }
  }

  mutating func run() throws {
    guard let mix = WeightMix(name: type) else { throw CommandError.usage("--type \(type) is not known") }
    let vocabulary = try VocabularyLocator.vocabulary(self.vocabulary)
    let model = try SyntheticModel(
      shape: shape.shape(vocabulary), mix: mix, isPure: pure, isReranker: reranker, seed: seed,
      vocabulary: vocabulary)
    let start = ContinuousClock.now
    let line = ProgressLine(isWanted: progress)
    defer { line.finish() }
    try model.write(to: output, threadCount: threads) { share in
      line.show("\(Decimal.text(share * 100, digits: 0)) %")
    }
    line.finish()
    let file = try OutputFile(path: nil)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try file.write(ModelSummary.text(model, path: output, seconds: seconds).utf8)
    try file.finish()
  }
}

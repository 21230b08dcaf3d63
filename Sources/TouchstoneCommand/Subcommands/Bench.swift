import ArgumentParser
import Touchstone
import Workbench

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast a model embeds on this machine, and where the time goes.",
    usage: "touchstone bench [<options>]",
    discussion: """
      Embeds the same batch of random token ids several times and reports tokens per second, of the best and of the \
      median run. One or two more runs, not counted, give the time of each stage. The rates of the stages are compared \
      with the machine's peaks, measured in the same run with as many threads. Close other programs, and compare only \
      figures of the same minute.

        touchstone bench --model model.gguf
        touchstone bench --tokens 64 --sequences 8 --activations i8
        touchstone bench --tokens 16 --repetitions 50 --format json

      A model of any size to measure with: touchstone make-model. The JSON object has "tokensPerSecond" and \
      "milliseconds" (best, median), "stages" (milliseconds and share of each), "shareOfPeak" (multiply, attention, \
      memory), "peaks", "startUp", "tokenizer", "memory", "work", "model" and "machine".

      \(ExitStatus.explanation)
      """)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(help: ArgumentHelp("Tokens of a sequence, the end of text included.", valueName: "n"))
  var tokens = BenchmarkOptions().tokenCount

  @Option(help: ArgumentHelp("Sequences in a batch.", valueName: "n"))
  var sequences = BenchmarkOptions().sequenceCount

  @Option(help: ArgumentHelp("Batches that are timed.", valueName: "n"))
  var repetitions = BenchmarkOptions().repetitions

  @Option(help: ArgumentHelp("Batches before the first that counts.", valueName: "n"))
  var warmup = BenchmarkOptions().warmUps

  @Option(help: "The precision of the activations that meet the weights.")
  var activations = BenchmarkOptions().activations

  @Option(help: ArgumentHelp("How many tokens go through the model together.", valueName: "n"))
  var batchTokens = BenchmarkOptions().batchTokens

  @Flag(inversion: .prefixedNo, help: "Measure the machine's peaks, which takes half a second and 256 MB.")
  var peaks = true

  @Option(help: "A table to read, or one JSON object.")
  var format = Format.table

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json
  }

  func validate() throws {
    for (name, value) in [
      ("tokens", tokens), ("sequences", sequences), ("repetitions", repetitions),
      ("batch-tokens", batchTokens),
    ] {
      try CountRange.check(name, value, 1...1 << 20)
    }
    try CountRange.check("warmup", warmup, 0...1 << 20)
  }

  mutating func run() throws {
    let file = try OutputFile(path: nil)
    let line = ProgressLine(isWanted: nil)
    defer { line.finish() }
    let benchmark = try Benchmark(path: ModelLocator.locate(model.model), options: options)
    let report = try benchmark.run { step in line.show("measuring: \(step)") }
    line.finish()
    switch format {
    case .table: try file.write(BenchmarkTable(report).text.utf8)
    case .json: try file.write(BenchmarkJSON(report).bytes)
    }
    try file.finish()
  }

  private var options: BenchmarkOptions {
    var options = BenchmarkOptions()
    options.tokenCount = tokens
    options.sequenceCount = sequences
    options.repetitions = repetitions
    options.warmUps = warmup
    options.threadCount = model.compute.threads
    options.multiplication = model.compute.multiply
    options.activations = activations
    options.batchTokens = batchTokens
    options.measuresPeaks = peaks
    return options
  }
}

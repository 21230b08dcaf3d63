import KernelSelection
import Kernels
import Qwen3
import Touchstone

/// Measures how fast a model embeds on this machine, and where the time goes.
///
/// The batches that count run without a profile; one or two more, with one, say where the time goes.
package struct Benchmark {
  private let model: EmbeddingModel
  private let options: BenchmarkOptions
  private let kernels: any KernelSet
  private let startUp: StartUp

  /// Loads the model and embeds one text: this is measured too.
  package init(path: String, options: BenchmarkOptions) throws(TouchstoneError) {
    let start = ContinuousClock.now
    let model = try EmbeddingModel(
      path: path, threads: options.threadCount, multiplication: options.multiplication)
    let loaded = ContinuousClock.now
    try options.check(contextLength: model.configuration.contextLength)
    var embedding = Self.embedding(options)
    embedding.truncation = .right
    _ = try model.embed([EmbeddingInput("What is the capital of China?")], options: embedding)
    startUp = StartUp(
      loadSeconds: (loaded - start) / .seconds(1),
      firstVectorSeconds: (ContinuousClock.now - loaded) / .seconds(1))
    self.model = model
    self.options = options
    do { kernels = try selectKernels() } catch { throw .environment("\(error)") }
  }

  private static func embedding(_ options: BenchmarkOptions) -> EmbeddingOptions {
    var embedding = EmbeddingOptions()
    embedding.activations = options.activations
    embedding.batchTokens = options.batchTokens
    return embedding
  }

  /// - Parameter progress: called with what is about to be measured.
  /// - Throws: ``TouchstoneError``; ``TouchstoneError/cancelled`` when the current task is cancelled.
  package func run(progress: (String) -> Void = { _ in }) throws(TouchstoneError) -> BenchmarkReport {
    let inputs = BenchmarkInputs(
      tokenCount: options.tokenCount, sequenceCount: options.sequenceCount, tokenizer: model.tokenizer)
    let batch = try samples(inputs, progress: progress)
    progress("stages")
    let profile = try profile(inputs)
    progress("tokenizer")
    let tokenizerSpeed = tokenizerBytesPerSecond
    // Before the peaks are measured, which takes memory of its own.
    let memory = ProcessMemory.current
    progress("peaks of the machine")
    let peaks =
      options.measuresPeaks ? MachinePeaks.measured(kernels: kernels, threadCount: model.threadCount) : nil
    return BenchmarkReport(
      options: resolvedOptions, model: try describeModel(), machine: machine, batch: batch, profile: profile,
      peaks: peaks, startUp: startUp, tokenizerBytesPerSecond: tokenizerSpeed, memory: memory)
  }

  private func samples(
    _ inputs: BenchmarkInputs, progress: (String) -> Void
  ) throws(TouchstoneError) -> Samples {
    var seconds: [Double] = []
    for index in 0..<options.warmUps + options.repetitions {
      progress("batch \(index + 1) of \(options.warmUps + options.repetitions)")
      let time = try Stopwatch.seconds { () throws(TouchstoneError) in
        _ = try model.embed(inputs.sequences, options: Self.embedding(options))
      }
      if index >= options.warmUps { seconds.append(time) }
    }
    return Samples(seconds: seconds)
  }

  /// Of the faster of two batches, or of the only one where one was asked for.
  private func profile(_ inputs: BenchmarkInputs) throws(TouchstoneError) -> StageProfile {
    let clock = StageClock(workerCount: model.threadCount)
    var best: StageProfile?
    for _ in 0..<min(2, options.repetitions) {
      clock.reset()
      let seconds = try Stopwatch.seconds { () throws(TouchstoneError) in
        clock.measure(.tokenize) {
          for text in inputs.texts { _ = model.tokenizer.tokenIDs(of: text) }
        }
        _ = try model.embed(inputs.sequences, options: Self.embedding(options), clock: clock)
      }
      let profile = StageProfile(clock, seconds: seconds)
      if profile.seconds < best?.seconds ?? .infinity { best = profile }
    }
    return best.unsafelyUnwrapped
  }

  /// The best of three passes over a megabyte of mixed text, line by line.
  private var tokenizerBytesPerSecond: Double {
    let lines = MixedText.lines(byteCount: 1_000_000, tokenizer: model.tokenizer)
    let byteCount = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    let seconds = (0..<3).map { _ in
      Stopwatch.seconds { for line in lines { _ = model.tokenizer.tokenIDs(of: line) } }
    }
    return Double(byteCount) / (seconds.min() ?? .infinity)
  }

  private var resolvedOptions: BenchmarkOptions {
    var options = options
    options.threadCount = model.threadCount
    return options
  }

  private func describeModel() throws(TouchstoneError) -> BenchmarkModel {
    let inspection = try ModelInspection(path: model.path)
    return BenchmarkModel(
      path: model.path, name: inspection.name, byteCount: inspection.byteCount,
      parameterCount: inspection.parameterCount, mainFormat: inspection.blockFormats.first?.name ?? "none",
      layerCount: model.configuration.layerCount,
      preciseLayerCount: model.preciseLayerCount(options.activations))
  }

  private var machine: BenchmarkMachine {
    BenchmarkMachine(
      processor: processorName(), processorCount: availableProcessorCount(), kernels: kernels.name,
      version: EngineInformation.current.version)
  }
}

import KernelSelection
import Kernels
import Touchstone
import Workbench

/// Records passes of a model, and measures beside it whatever explains them.
package struct Profiler {
  private let options: ProfileOptions
  private let path: String
  private let model: EmbeddingModel
  private let kernels: any KernelSet
  private let counters: HardwareCounters

  /// Loads the model. To be used on one thread: counters are of the thread that opens them and of those that
  /// it starts.
  package init(path: String, options: ProfileOptions) throws(TouchstoneError) {
    counters = HardwareCounters()
    self.path = path
    self.options = options
    model = try EmbeddingModel(
      path: path, threads: options.threadCount, multiplication: options.multiplication)
    try options.check(contextLength: model.configuration.contextLength)
    do { kernels = try selectKernels() } catch { throw .environment("\(error)") }
  }

  /// - Parameter progress: called with what is about to be measured.
  /// - Throws: ``TouchstoneError``; ``TouchstoneError/cancelled`` when the current task is canceled.
  package func run(progress: (String) -> Void = { _ in }) throws(TouchstoneError) -> ProfileReport {
    progress("a first pass")
    let texts = PassTexts(options, model)
    try texts.run(model, options, clock: nil)
    let recorder = try recorder(for: texts, model, passes: options.repetitions)
    if let delay = options.delay { recorder.delay = delay }
    var passes: [Recording.Pass] = []
    var plain: [Double] = []
    counters.begin()
    var counts: HardwareCounters.Counts?
    for index in 0..<options.repetitions {
      progress("pass \(index + 1) of \(options.repetitions)")
      passes.append(try record(texts, model, recorder, pass: index))
      if index == options.repetitions - 1 { counts = counters.end() }
      // In turn, so that the machine's moods meet both: the cost of recording.
      let start = TimelineRecorder.now
      try texts.run(model, options, clock: nil)
      plain.append(Double(TimelineRecorder.now - start) / 1e9)
    }
    let recording = Recording(
      recorder, workerCount: model.threadCount, kernels: kernels.name, passes: passes)
    progress("peaks of the machine")
    let roofs =
      options.measuresRoofs
      ? MachineRoofs.measured(kernels: kernels, threadCount: model.threadCount) : nil
    let scaling =
      options.measuresScaling
      ? try measuredScaling(texts, wakeUp: Replay.wakeUp(in: recording), progress: progress) : nil
    let inspection = try ModelInspection(path: path)
    return ProfileReport(
      subject: ProfileSubject(
        name: path, parameterCount: inspection.parameterCount,
        weights: inspection.blockFormats.first?.name, processor: processorName(),
        processorCount: availableProcessorCount()),
      recording: recording, roofs: roofs, counters: counts.map { .init($0, passes: 2 * passes.count - 1) },
      plainSeconds: plain, scaling: scaling)
  }

  /// With room for so many passes.
  private func recorder(
    for texts: PassTexts, _ model: EmbeddingModel, passes count: Int
  ) throws(TouchstoneError) -> TimelineRecorder {
    let counter = TimelineRecorder(workerCount: model.threadCount, eventCapacity: 0, stageCapacity: 0)
    try texts.run(
      model, options, clock: StageClock(workerCount: model.threadCount, recorder: counter))
    let needed = counter.counts
    // Any worker may do all of it, where the others are kept from working.
    let bytes =
      count * needed.events * model.threadCount * MemoryLayout<TimelineEvent>.stride
      + count * needed.stages * MemoryLayout<TimelineStage>.stride
    guard bytes <= ProfileOptions.memoryLimit else {
      throw .invalidOption(
        "the recording of \(count) passes takes \(bytes) bytes, but the limit is \(ProfileOptions.memoryLimit); "
          + "repeat less, or pass fewer tokens or threads")
    }
    return TimelineRecorder(
      workerCount: model.threadCount, eventCapacity: count * needed.events + 64,
      stageCapacity: count * needed.stages + 16)
  }

  private func record(
    _ texts: PassTexts, _ model: EmbeddingModel, _ recorder: TimelineRecorder, pass: Int
  ) throws(TouchstoneError) -> Recording.Pass {
    recorder.pass = pass
    let clock = StageClock(workerCount: model.threadCount, recorder: recorder)
    let start = TimelineRecorder.now
    let (tokens, sequences) = try texts.run(model, options, clock: clock)
    return Recording.Pass(
      start: start, end: TimelineRecorder.now, tokens: tokens, sequences: sequences,
      activations: options.activations)
  }

  // MARK: Scaling

  private func measuredScaling(
    _ texts: PassTexts, wakeUp: Double?, progress: (String) -> Void
  ) throws(TouchstoneError) -> Scaling {
    let wakeUp = wakeUp ?? Replay.ordinaryWakeUp
    var scaling = Scaling(threads: [], tokens: [], cores: [], wakeUpSeconds: wakeUp / 1e9)
    var replay: Replay?
    var threads = 1
    while threads <= model.threadCount {
      progress("\(threads) of \(model.threadCount) threads")
      let other =
        threads == model.threadCount
        ? model
        : try EmbeddingModel(path: path, threads: threads, multiplication: options.multiplication)
      scaling.threads.append(try sample(threads, texts, other))
      if threads == 1 { replay = try self.replay(texts, other, wakeUp: wakeUp) }
      threads = threads < model.threadCount ? min(2 * threads, model.threadCount) : threads + 1
    }
    let measured = Dictionary(uniqueKeysWithValues: scaling.threads.map { ($0.count, $0) })
    for cores in Set(measured.keys).union([2, 4, 8, 16, 32, 64, 128]).sorted() {
      guard let replay, let tokens = measured[1]?.tokens else { continue }
      scaling.cores.append(
        Scaling.Replayed(
          cores: cores, tokens: tokens, seconds: replay.nanoseconds(cores: cores) / 1e9,
          measuredSeconds: measured[cores]?.seconds))
    }
    for count in [1, 4, 16, 64, 256, 1024] where count <= model.configuration.contextLength {
      progress("\(count) tokens")
      var other = options
      other.work = .tokens(count)
      scaling.tokens.append(try sample(count, PassTexts(other, model), model))
    }
    return scaling
  }

  /// The jobs of the best of three passes on one thread.
  private func replay(
    _ texts: PassTexts, _ model: EmbeddingModel, wakeUp: Double
  ) throws(TouchstoneError) -> Replay? {
    let recorder = try recorder(for: texts, model, passes: 3)
    var passes: [Recording.Pass] = []
    for pass in 0..<3 { passes.append(try record(texts, model, recorder, pass: pass)) }
    let recording = Recording(
      recorder, workerCount: model.threadCount, kernels: kernels.name, passes: passes)
    let best = passes.indices.min { passes[$0].nanoseconds < passes[$1].nanoseconds }
    return best.map { Replay(recording, pass: $0, wakeUp: wakeUp) }
  }

  /// The best of three passes, after one that does not count.
  private func sample(
    _ count: Int, _ texts: PassTexts, _ model: EmbeddingModel
  ) throws(TouchstoneError) -> Scaling.Sample {
    var best = Double.infinity
    var tokens = 0
    for index in 0..<4 {
      let start = TimelineRecorder.now
      tokens = try texts.run(model, options, clock: nil).tokens
      if index > 0 { best = min(best, Double(TimelineRecorder.now - start) / 1e9) }
    }
    return Scaling.Sample(count: count, tokens: tokens, seconds: best)
  }
}

/// The texts of a pass.
struct PassTexts {
  private let texts: [String]
  private let sequences: [EmbeddingInput]

  init(_ options: ProfileOptions, _ model: EmbeddingModel) {
    switch options.work {
    case .texts(let texts):
      self.texts = texts
      sequences = []
    case .tokens(let count):
      let inputs = BenchmarkInputs(tokenCount: count, sequenceCount: 1, tokenizer: model.tokenizer)
      texts = []
      sequences = inputs.sequences
    }
  }

  /// Tokenizes, and takes the sequences through the model.
  @discardableResult
  func run(
    _ model: EmbeddingModel, _ options: ProfileOptions, clock: StageClock?
  ) throws(TouchstoneError) -> (tokens: Int, sequences: Int) {
    var inputs = sequences
    if !texts.isEmpty {
      inputs = clock.measure(.tokenize) {
        texts.map { EmbeddingInput(.tokenIDs(model.tokenizer.tokenIDs(of: $0))) }
      }
    }
    var embedding = EmbeddingOptions()
    embedding.activations = options.activations
    embedding.batchTokens = options.batchTokens
    let vectors = try model.embed(inputs, options: embedding, clock: clock)
    return (vectors.reduce(0) { $0 + $1.tokenCount }, vectors.count)
  }
}

import Kernels
import Profiling
import Testing
import Touchstone

@Suite struct ReplayTests {
  /// A stage of jobs of one thread that follow one another without a gap.
  private static func stage(
    _ durations: [Int64], from start: Int64 = 0, tileRows: Int = 0, outputs: Int = 0, rows: Int = 12
  ) -> (TimelineStage, [TimelineEvent]) {
    var events: [TimelineEvent] = []
    var now = start
    for (item, duration) in durations.enumerated() {
      events.append(MadeRecording.event(0, UInt32(item), from: now, to: now + duration))
      now += duration
    }
    return (
      MadeRecording.stage(
        .multiply, .multiply, rows: rows, tileRows: tileRows, items: durations.count, from: start, to: now,
        weights: 4096, outputs: outputs), events
    )
  }

  private static func replay(_ durations: [Int64], wakeUp: Double = 0, take: Double = 0) -> Replay {
    let (stage, events) = stage(durations)
    let recording = MadeRecording.recording([stage], [events], to: stage.end)
    return Replay(recording, pass: 0, wakeUp: wakeUp, take: take)
  }

  @Test func oneCoreTakesAsLongAsTheRecordedPass() {
    let (first, jobs) = Self.stage([400, 100, 300], from: 1_000)
    let alone = MadeRecording.stage(.normalize, .norms, items: 1, from: 1_900, to: 2_000)
    let recording = MadeRecording.recording([first, alone], [jobs], from: 900, to: 2_100)
    for wakeUp in [0.0, 50] {
      let replay = Replay(recording, pass: 0, wakeUp: wakeUp, take: 0)
      #expect(replay.nanoseconds(cores: 1) == 1_200)
      // The second core does the jobs of 100 and 300 meanwhile; everything else is one core's.
      #expect(replay.nanoseconds(cores: 2) == 800 + wakeUp)
    }
  }

  @Test func theFreeWorkerTakesTheNextJobInOrder() {
    let replay = Self.replay([100, 100, 100, 900])
    #expect(replay.nanoseconds(cores: 2) == 1_000)
    #expect(replay.nanoseconds(cores: 4) == 900)
    #expect(replay.nanoseconds(cores: 64) == 900)
    #expect(Self.replay([900, 100, 100, 100]).nanoseconds(cores: 2) == 900)
  }

  @Test func calledWorkersComeLateAndCallTwoMore() {
    let replay = Self.replay([Int64](repeating: 1_000, count: 7), wakeUp: 100)
    // Workers 1 and 2 come after one step, 3 to 6 after two.
    #expect(replay.nanoseconds(cores: 3) == 3_000)
    #expect(replay.nanoseconds(cores: 7) == 1_200)
  }

  @Test func takesAreOneAfterTheOther() {
    let jobs = [Int64](repeating: 10, count: 100)
    #expect(Self.replay(jobs, take: 10).nanoseconds(cores: 100) == 1_000)
    #expect(Self.replay(jobs).nanoseconds(cores: 100) == 10)
  }

  /// 32 panels of 512 tokens: 64 workers would have half a job each, and get five pieces of a panel.
  @Test func aMultiplyOfFewPanelsIsCutAlongItsTokens() {
    let (stage, events) = Self.stage(
      [Int64](repeating: 1_000, count: 32), tileRows: 12, outputs: 1024, rows: 512)
    let recording = MadeRecording.recording([stage], [events], to: stage.end)
    let replay = Replay(recording, pass: 0, wakeUp: 0, take: 0)
    #expect(replay.nanoseconds(cores: 8) == 4_000)
    let pieces = TokenPieces.count(tokenCount: 512, tileCount: 43, panelCount: 32, workerCount: 64)
    #expect(pieces == 5)
    // 160 pieces of 200 and 30 for unpacking, in three rounds.
    #expect(abs(replay.nanoseconds(cores: 64) - 3 * 230) < 1e-6)
  }

  /// 48 tiles of attention are too few for 64 workers, and get a quarter of their size.
  @Test func attentionIsCutIntoSmallerTiles() {
    let jobs = [Int64](repeating: 1_000, count: 48)
    var (stage, events) = Self.stage(jobs)
    (stage.operation, stage.stage) = (.attend, .attention)
    let recording = MadeRecording.recording([stage], [events], to: stage.end)
    let replay = Replay(recording, pass: 0, wakeUp: 0, take: 0)
    #expect(replay.nanoseconds(cores: 24) == 2_000)
    // 192 tiles of 230 and 80 for keys and values, in three rounds.
    #expect(abs(replay.nanoseconds(cores: 64) - 3 * 310) < 1e-6)
  }

  @Test func operationsOnRowsAreCutIntoSmallerRanges() {
    var (stage, events) = Self.stage([Int64](repeating: 1_000, count: 16), rows: 512)
    (stage.operation, stage.stage, stage.columns) = (.normalize, .norms, 1024)
    let recording = MadeRecording.recording([stage], [events], to: stage.end)
    let replay = Replay(recording, pass: 0, wakeUp: 0, take: 0)
    #expect(replay.nanoseconds(cores: 2) == 8_000)
    #expect(replay.nanoseconds(cores: 64) == 250)
  }

  /// A norm that shares the jobs of quantizing: its work is divided among them, and no worker is called for
  /// it.
  @Test func stepsShareTheJobsOfTheStageBehindThem() {
    var (norm, normJobs) = Self.stage([400, 400])
    (norm.operation, norm.stage, norm.joinsNext) = (.normalize, .norms, true)
    var (quantize, jobs) = Self.stage([100, 100, 100, 100], from: 800)
    (quantize.operation, quantize.stage) = (.quantize, .quantize)
    jobs = jobs.map { MadeRecording.event(1, $0.item, from: $0.start, to: $0.end) }
    let recording = MadeRecording.recording([norm, quantize], [normJobs + jobs], to: quantize.end)
    let replay = Replay(recording, pass: 0, wakeUp: 50, take: 0)
    #expect(replay.nanoseconds(cores: 1) == 1_200)
    #expect(replay.nanoseconds(cores: 2) == 600 + 50)
    #expect(replay.nanoseconds(cores: 4) == 300 + 2 * 50)
  }

  @Test func wakingUpIsMeasuredFromTheStartOfTheStage() {
    #expect(Replay.wakeUp(in: MadeRecording.unbalanced) == 50_000)
    let (stage, events) = Self.stage([10, 10])
    #expect(Replay.wakeUp(in: MadeRecording.recording([stage], [events], to: 20)) == nil)
  }
}

import Kernels
import Touchstone

/// A recorded pass as it would run on another number of cores: its jobs, handed out again.
///
/// - Stages follow one another. What lies between them, and a stage of one job, is the computing thread's.
/// - In a stage of several jobs, each worker that is free takes the next one, as ``Workers`` does.
/// - A sleeping worker comes late. Each one that wakes calls two more, so worker w comes after
///   ⌊log₂(w + 1)⌋ times ``wakeUp``.
/// - Takes of jobs are one after the other, ``take`` apart.
/// - Stages are cut as the engine cuts them for so many workers: a multiply with too few panels along its
///   tokens (``TokenPieces``), attention into smaller tiles (``AttentionPieces``), operations on rows into
///   smaller ranges (``RowPieces``).
/// - Steps that share the jobs of the stage behind them (``TimelineStage/joinsNext``) share them here too.
///
/// No replay sees memory: cores share its bandwidth and the last cache, so many cores are slower than here.
package struct Replay: Sendable {
  /// Of a thread that sleeps on Linux, where no second thread showed it.
  static let ordinaryWakeUp = 20_000.0

  /// Nanoseconds until a worker that was called has its first job.
  package let wakeUp: Double
  /// Nanoseconds between two takes of a job: a counter that moves from one core's cache to another's.
  package let take: Double
  private let stages: [ReplayedStage]
  /// Nanoseconds between the stages.
  private let between: Double

  /// - Parameters:
  ///   - recording: best of one thread, whose jobs wait for nobody.
  ///   - pass: which of its passes.
  package init(_ recording: Recording, pass: Int, wakeUp: Double, take: Double = 100) {
    self.wakeUp = wakeUp
    self.take = take
    let index = RecordingIndex(recording)
    var inside: Int64 = 0
    var stages: [ReplayedStage] = []
    var joined: [ReplayedStage] = []
    for number in index.stages[pass] {
      let stage = recording.stages[number]
      inside += stage.end - stage.start
      let jobs = (0..<recording.workerCount).flatMap { worker in
        index.events(of: number, worker: worker).filter { $0.item != TimelineEvent.unpacking }
      }
      let replayed = ReplayedStage(stage, jobs: jobs, panels: recording.panelCount(stage))
      if stage.joinsNext {
        joined.append(replayed)
      } else {
        stages.append(replayed.joining(joined))
        joined = []
      }
    }
    self.stages = stages + joined
    between = Double(recording.passes[pass].nanoseconds - inside)
  }

  /// The time of the pass, in nanoseconds.
  package func nanoseconds(cores: Int) -> Double {
    stages.reduce(between) { $0 + $1.nanoseconds(cores: cores, wakeUp: wakeUp, take: take) }
  }

  /// How many wakings follow one another until this worker is called: ⌊log₂(w + 1)⌋.
  fileprivate static func steps(to worker: Int) -> Int {
    (worker + 1).bitWidth - 1 - (worker + 1).leadingZeroBitCount
  }

  /// The median time from the beginning of a stage to the first job of a worker that was called for it; nil
  /// where there was none.
  package static func wakeUp(in recording: Recording) -> Double? {
    let index = RecordingIndex(recording)
    var delays: [Double] = []
    for (number, stage) in recording.stages.enumerated() where stage.items > 1 {
      for worker in 1..<max(1, recording.workerCount) {
        guard let first = index.events(of: number, worker: worker).first else { continue }
        // A worker with another number was called by one before it.
        delays.append(Double(first.start - stage.start) / Double(steps(to: worker)))
      }
    }
    return delays.isEmpty ? nil : delays.sorted()[delays.count / 2]
  }
}

/// A stage with its jobs, ready to be handed out.
private struct ReplayedStage: Sendable {
  /// How the engine cuts a stage where many workers want jobs.
  private enum Cut {
    /// The jobs stay as they were recorded.
    case none
    /// A multiply, along its tokens.
    case tokens(panels: Int, tokens: Int, tiles: Int)
    /// Attention, into smaller tiles.
    case queries
    /// An operation on rows, into smaller ranges.
    case rows(rows: Int, columns: Int)
  }

  /// Nanoseconds of the computing thread alone: before and after the jobs, or all of it.
  private var alone: Double
  /// The nanoseconds of each job, in the order in which they are taken.
  private var jobs: [Double]
  private var cut: Cut

  /// The time of a piece beside its share of a panel's multiply: the panel is unpacked once more.
  private static let unpackingShare = 0.03
  /// The time of an attention tile that does not shrink with its queries: keys and values are read, and with
  /// 8 bits rounded, for each tile. Measured by attempt 53.
  private static let keysShare = 0.08

  init(_ stage: TimelineStage, jobs: [TimelineEvent], panels: Int?) {
    let cutsRows: Set<TimelineOperation> = [.normalize, .normalizeHeads, .rotate, .activate, .add, .store]
    cut =
      if panels == stage.items, stage.tileRows > 0 {
        .tokens(
          panels: stage.items, tokens: stage.rows, tiles: (stage.rows + stage.tileRows - 1) / stage.tileRows)
      } else if stage.operation == .attend {
        .queries
      } else if cutsRows.contains(stage.operation) {
        .rows(rows: stage.rows, columns: stage.columns)
      } else {
        // Another operation; or a multiply that a recording of many threads has cut already.
        .none
      }
    guard stage.items > 1, let first = jobs.map(\.start).min(), let last = jobs.map(\.end).max() else {
      alone = Double(stage.end - stage.start)
      self.jobs = []
      return
    }
    alone = Double(first - stage.start) + Double(stage.end - last)
    self.jobs = jobs.sorted { $0.item < $1.item }.map { Double($0.end - $0.start) }
  }

  /// The same with the work of these stages in its jobs.
  func joining(_ stages: [ReplayedStage]) -> ReplayedStage {
    var sum = self
    let work = stages.reduce(0) { $0 + ($1.jobs.isEmpty ? $1.alone : $1.jobs.reduce(0, +)) }
    if jobs.isEmpty {
      sum.alone += work
    } else {
      sum.jobs = jobs.map { $0 + work / Double(jobs.count) }
    }
    for case .rows(_, let columns) in stages.map(\.cut) {
      if case .rows(let rows, let own) = sum.cut { sum.cut = .rows(rows: rows, columns: max(columns, own)) }
    }
    return sum
  }

  func nanoseconds(cores: Int, wakeUp: Double, take: Double) -> Double {
    guard !jobs.isEmpty else { return alone }
    let jobs = jobs(cores: cores)
    // When each worker is free; the earliest takes the next job.
    let workers = min(cores, jobs.count)
    var free = (0..<workers).map { Double(Replay.steps(to: $0)) * wakeUp }
    var lastTake = -take
    var end = 0.0
    for job in jobs {
      let worker = free.indices.min { free[$0] < free[$1] }!
      let start = workers == 1 ? free[worker] : max(free[worker], lastTake + take)
      lastTake = start
      free[worker] = start + job
      end = max(end, start + job)
    }
    return alone + end
  }

  private func jobs(cores: Int) -> [Double] {
    switch cut {
    case .none: return jobs
    case .tokens(let panels, let tokens, let tiles):
      let pieces = TokenPieces.count(
        tokenCount: tokens, tileCount: tiles, panelCount: panels, workerCount: cores)
      guard pieces > 1 else { return jobs }
      return (0..<pieces).flatMap { _ in jobs.map { $0 / Double(pieces) + $0 * Self.unpackingShare } }
    case .queries:
      let pieces = AttentionPieces.division(tileCount: jobs.count, workerCount: cores)
      guard pieces > 1 else { return jobs }
      return jobs.flatMap { job in
        (0..<pieces).map { _ in job * ((1 - Self.keysShare) / Double(pieces) + Self.keysShare) }
      }
    case .rows(let rows, let columns):
      let pieces = RowPieces.count(rowCount: rows, columnCount: columns, workerCount: cores)
      guard pieces > jobs.count else { return jobs }
      return [Double](repeating: jobs.reduce(0, +) / Double(pieces), count: pieces)
    }
  }
}

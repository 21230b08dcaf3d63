import Profiling
import Touchstone

/// A pass, and whom its states are for.
struct ScheduledPass {
  let model: any PassRunner
  let pass: Pass
  let items: [WaitingLine.Item]
  let isShort: Bool
  /// Where it is recorded for a profile.
  let recording: PassRecording?
}

/// A job on its way.
struct RunningJob {
  let job: Job
  let presence: ClientPresence
  /// When the job is given up.
  let deadline: ContinuousClock.Instant
  let continuation: CheckedContinuation<JobResult, any Error>
  private let enqueued: ContinuousClock.Instant
  private var began: ContinuousClock.Instant?
  private var states: [[[Float]]]
  private var remaining: Int

  init(
    _ job: Job, for presence: ClientPresence, enqueued: ContinuousClock.Instant,
    deadline: ContinuousClock.Instant, continuation: CheckedContinuation<JobResult, any Error>
  ) {
    self.job = job
    self.presence = presence
    self.deadline = deadline
    self.enqueued = enqueued
    self.continuation = continuation
    states = Array(repeating: [], count: job.sequences.count)
    remaining = job.sequences.count
  }

  /// A pass with a sequence of the job begins.
  mutating func begin(_ now: ContinuousClock.Instant) { began = began ?? now }

  /// Keeps the states of one sequence; true when they were the last.
  mutating func note(_ states: [[Float]], of item: WaitingLine.Item) -> Bool {
    self.states[item.sequence] = states
    remaining -= 1
    return remaining == 0
  }

  func result(at now: ContinuousClock.Instant) -> JobResult {
    let began = began ?? now
    return JobResult(states: states, queueTime: began - enqueued, inferenceTime: now - began)
  }
}

/// How much of a long pass's time its pauses take: at most as much as the pass itself has had.
struct PauseShare {
  private(set) var timeInPauses = Duration.zero
  private var lastPauseEnd: ContinuousClock.Instant?
  private var lastPause = Duration.zero

  /// Whether the pass has computed for as long as its last pause took.
  func mayPause(at now: ContinuousClock.Instant) -> Bool {
    guard let lastPauseEnd else { return true }
    return now - lastPauseEnd >= lastPause
  }

  mutating func notePause(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
    lastPause = end - start
    lastPauseEnd = end
    timeInPauses += lastPause
  }
}

extension StageClock {
  /// The stages that took any time.
  var durations: [(stage: Stage, duration: Duration)] {
    Stage.allCases.compactMap { stage in
      let nanoseconds = self[stage].nanoseconds
      return nanoseconds > 0 ? (stage, .nanoseconds(nanoseconds)) : nil
    }
  }
}

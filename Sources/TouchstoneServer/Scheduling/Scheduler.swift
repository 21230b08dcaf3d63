import Dispatch
import Profiling
import Synchronization
import Touchstone

/// Continuous batching: what waits when a pass ends makes up the next pass.
///
/// Passes run one at a time, over all models, on a thread of the scheduler's own, since each uses all threads
/// of the machine. Short sequences and long ones wait in lines of their own and take turns; while a long pass
/// runs, short ones have passes in its pauses, for at most half of the time. What a sequence becomes does not
/// depend on its pass.
package final class Scheduler: Sendable {
  package let policy: SchedulingPolicy
  private let queuedTokensLimit: Int
  private let requestTimeout: Duration
  private let observer: any ServiceObserver
  private let state = Mutex(State())
  /// Where an alarm rings when the time of some job is over: a job ends by then, whatever becomes of its
  /// connection.
  private let alarms = DispatchQueue(label: "touchstone.deadlines")
  /// Signalled for each job that comes, and for the end.
  private let work = DispatchSemaphore(value: 0)
  private let clock = ContinuousClock()

  private struct State {
    var short = WaitingLine()
    var long = WaitingLine()
    var jobs: [Int: RunningJob] = [:]
    var nextJob = 0
    /// When the alarm is set to ring.
    var alarmTime: ContinuousClock.Instant?
    var served = 0
    var wasShortLast = false
    var isStopped = false
    /// Recent speed, for Retry-After.
    var tokensPerSecond = 0.0
    /// Where passes are recorded for a profile.
    var recording: PassRecording?
    /// What the thread has to do between two passes, so that it has the machine for itself.
    var interludes: [@Sendable () -> Void] = []
  }

  package init(
    policy: SchedulingPolicy = SchedulingPolicy(), queuedTokens: Int = Limits().queuedTokens,
    requestTimeout: Duration = Limits().requestTimeout, observer: any ServiceObserver = ServiceObservers()
  ) {
    self.policy = policy
    self.requestTimeout = requestTimeout
    queuedTokensLimit = queuedTokens
    self.observer = observer
    // A serial queue of its own is a thread of its own; it ends with `stop()`.
    DispatchQueue(label: "touchstone.passes").async { self.runPasses() }
  }

  package struct Load: Sendable, Equatable {
    package let jobs: Int
    package let queuedTokens: Int
    /// Jobs taken on since the start, those that are done included.
    package let served: Int
  }

  package var load: Load {
    state.withLock {
      Load(jobs: $0.jobs.count, queuedTokens: $0.short.tokens + $0.long.tokens, served: $0.served)
    }
  }

  /// Waits until all sequences of `job` have gone through the model.
  ///
  /// - Parameters:
  ///   - presence: whoever waits. The job ends when nobody does.
  ///   - deadline: when the job is given up; nil: after the time that a request may take.
  /// - Throws: ``ServiceError/overloaded(retryAfterSeconds:)`` where the queue is full,
  ///   ``ServiceError/unavailable(_:)`` when the scheduler ends first, `CancellationError` when the client
  ///   goes.
  package func run(
    _ job: Job, for presence: ClientPresence, until deadline: ContinuousClock.Instant? = nil
  ) async throws -> JobResult {
    let number = state.withLock { state in
      defer { state.nextJob += 1 }
      return state.nextJob
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        do {
          let now = clock.now
          try enqueue(
            RunningJob(
              job, for: presence, enqueued: now, deadline: deadline ?? now + requestTimeout,
              continuation: continuation), number)
        } catch {
          continuation.resume(throwing: error)
          return
        }
        presence.onLeaving { [weak self] in self?.cancel(number) }
        if Task.isCancelled { cancel(number) }
      }
    } onCancel: {
      cancel(number)
    }
  }

  /// Ends the thread after the pass at hand. Jobs that still wait fail.
  package func stop() {
    let abandoned = state.withLock { state in
      state.isStopped = true
      state.short = WaitingLine()
      state.long = WaitingLine()
      defer { state.jobs = [:] }
      return Array(state.jobs.values)
    }
    for job in abandoned {
      job.continuation.resume(throwing: ServiceError.unavailable("the service is going down"))
    }
    work.signal()
  }

  // MARK: Profiles

  /// False while another recording is made.
  package func begin(_ recording: PassRecording) -> Bool {
    state.withLock { state in
      guard state.recording == nil else { return false }
      state.recording = recording
      return true
    }
  }

  /// Lets the next recording begin.
  package func endRecording() { state.withLock { $0.recording = nil } }

  /// Calls `body` between two passes, while nothing else computes.
  package func betweenPasses<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { continuation in
      let isTaken = state.withLock { state in
        guard !state.isStopped else { return false }
        state.interludes.append { continuation.resume(returning: body()) }
        return true
      }
      guard isTaken else {
        continuation.resume(throwing: ServiceError.unavailable("the service is going down"))
        return
      }
      work.signal()
    }
  }

  // MARK: The queue

  private func enqueue(_ running: RunningJob, _ number: Int) throws(ServiceError) {
    let job = running.job
    let items = job.workTokens.enumerated().map { WaitingLine.Item(job: number, sequence: $0, tokens: $1) }
    let tokens = items.reduce(0) { $0 + $1.tokens }
    // By its whole length: what is shared may have to be computed for any of the sequences.
    func isShort(_ item: WaitingLine.Item) -> Bool {
      job.sequences[item.sequence].ids.count <= policy.shortTokens
    }
    try state.withLock { state throws(ServiceError) in
      guard !state.isStopped else { throw .unavailable("the service is going down") }
      let waiting = state.short.tokens + state.long.tokens
      guard waiting == 0 || waiting + tokens <= queuedTokensLimit else {
        let seconds = state.tokensPerSecond > 0 ? Double(waiting) / state.tokensPerSecond : 1
        throw .overloaded(retryAfterSeconds: Int(min(max(seconds.rounded(.up), 1), 120)))
      }
      state.jobs[number] = running
      state.served += 1
      state.short.add(items.filter(isShort), job: number, client: job.client, key: job.key)
      state.long.add(items.filter { !isShort($0) }, job: number, client: job.client, key: job.key)
      setAlarm(running.deadline, &state)
    }
    work.signal()
  }

  /// Has the alarm ring at `time` at the latest.
  private func setAlarm(_ time: ContinuousClock.Instant, _ state: inout State) {
    if let set = state.alarmTime, set <= time { return }
    state.alarmTime = time
    let seconds = max((time - clock.now) / .seconds(1), 0)
    alarms.asyncAfter(deadline: .now() + min(seconds, 1e6)) { [weak self] in self?.giveUpLateJobs() }
  }

  private func giveUpLateJobs() {
    let late = state.withLock { state in
      let now = clock.now
      let late = state.jobs.values.filter { $0.deadline <= now }.map(\.presence)
      state.alarmTime = nil
      if let next = state.jobs.values.lazy.map(\.deadline).filter({ $0 > now }).min() {
        setAlarm(next, &state)
      }
      return late
    }
    // The job goes with whoever waits for it.
    for presence in late { presence.leave(.outOfTime) }
  }

  /// Nobody waits for the job any more.
  private func cancel(_ number: Int) {
    let job = state.withLock { state in
      state.short.remove(job: number)
      state.long.remove(job: number)
      return state.jobs.removeValue(forKey: number)
    }
    job?.continuation.resume(throwing: CancellationError())
  }

  // MARK: The thread

  private func runPasses() {
    while true {
      while let interlude = state.withLock({ $0.interludes.popLast() }) { interlude() }
      if let pass = state.withLock({ takePass(from: &$0) }) {
        run(pass)
      } else if state.withLock({ $0.isStopped && $0.interludes.isEmpty }) {
        return
      } else {
        work.wait()
      }
    }
  }

  /// Short and long sequences take turns where both wait; a long pass lets short ones through in its pauses.
  private func takePass(from state: inout State) -> ScheduledPass? {
    let takesShort = !state.short.isEmpty && (state.long.isEmpty || !state.wasShortLast)
    state.wasShortLast = takesShort
    return takesShort ? takeShortPass(from: &state) : takeLongPass(from: &state)
  }

  private func takeShortPass(from state: inout State) -> ScheduledPass? {
    let batch = state.short.takeBatch(tokenBudget: policy.shortPassTokens)
    return schedule(batch?.items, isShort: true, &state)
  }

  private func takeLongPass(from state: inout State) -> ScheduledPass? {
    let batch = state.long.takeBatch(tokenBudget: policy.longPassTokens)
    return schedule(batch?.items, isShort: false, &state)
  }

  private func schedule(
    _ items: [WaitingLine.Item]?, isShort: Bool, _ state: inout State
  ) -> ScheduledPass? {
    guard let items, let job = state.jobs[items[0].job]?.job else { return nil }
    let now = clock.now
    for item in items { state.jobs[item.job]?.begin(now) }
    let recorded = state.recording?.clock(threadCount: job.model.threadCount)
    return ScheduledPass(
      model: job.model,
      pass: Pass(
        items.compactMap { state.jobs[$0.job]?.job.sequences[$0.sequence] },
        pooling: job.pooling, activations: job.activations,
        chunkLength: isShort ? policy.shortPassTokens : policy.chunkTokens,
        clock: recorded ?? StageClock(workerCount: job.model.threadCount), observer: job.observer?.observe),
      items: items, isShort: isShort, recording: recorded == nil ? nil : state.recording)
  }

  private func run(_ scheduled: ScheduledPass) {
    let start = clock.now
    var share = PauseShare()
    let recorded = scheduled.recording?.begin(scheduled.pass)
    let states = scheduled.model.run(scheduled.pass) { runInPause in
      guard isAwaited(scheduled) else { return false }
      if !scheduled.isShort { runShortPass(inPauseOf: scheduled, &share, runInPause) }
      return true
    }
    if let recorded { scheduled.recording?.end(recorded, wasGivenUp: states == nil) }
    finish(scheduled, states, duration: clock.now - start - share.timeInPauses, isInPause: false)
  }

  private func runShortPass(
    inPauseOf long: ScheduledPass, _ share: inout PauseShare, _ runInPause: (Pass) -> [[Float]]?
  ) {
    let start = clock.now
    guard share.mayPause(at: start), let short = state.withLock({ takeShortPass(from: &$0) }) else { return }
    let recorded = short.recording?.begin(short.pass)
    let states =
      short.model === long.model
      ? runInPause(short.pass) : short.model.run(short.pass) { _ in isAwaited(short) }
    if let recorded { short.recording?.end(recorded, wasGivenUp: states == nil) }
    let end = clock.now
    share.notePause(from: start, to: end)
    finish(short, states, duration: end - start, isInPause: true)
  }

  private func isAwaited(_ scheduled: ScheduledPass) -> Bool {
    state.withLock { state in scheduled.items.contains { state.jobs[$0.job] != nil } }
  }

  /// Hands the states of a pass to its jobs.
  private func finish(
    _ scheduled: ScheduledPass, _ states: [[Float]]?, duration: Duration, isInPause: Bool
  ) {
    let tokens = scheduled.items.reduce(0) { $0 + $1.tokens }
    if let states {
      let done = state.withLock { state in
        let seconds = max(duration / .seconds(1), 1e-6)
        let speed = Double(tokens) / seconds
        state.tokensPerSecond = state.tokensPerSecond == 0 ? speed : 0.8 * state.tokensPerSecond + 0.2 * speed
        return distribute(states, of: scheduled, in: &state)
      }
      for job in done { job.continuation.resume(returning: job.result(at: clock.now)) }
    }
    observer.record(
      .passFinished(
        PassReport(
          sequences: scheduled.items.count, tokens: tokens, jobs: Set(scheduled.items.map(\.job)).count,
          duration: duration, wasInPause: isInPause, wasGivenUp: states == nil,
          stages: scheduled.pass.clock?.durations ?? [])))
  }

  /// The jobs that are complete with these states.
  private func distribute(
    _ states: [[Float]], of scheduled: ScheduledPass, in state: inout State
  ) -> [RunningJob] {
    let pooling = scheduled.pass.pooling
    var row = 0
    var done: [RunningJob] = []
    for (item, sequence) in zip(scheduled.items, scheduled.pass.sequences) {
      let rowCount = pooling.rowCount(tokenCount: sequence.ids.count)
      defer { row += rowCount }
      guard state.jobs[item.job] != nil else { continue }
      let isComplete = state.jobs[item.job]?.note(pooling.pooled(states[row..<row + rowCount]), of: item)
      if isComplete == true, let job = state.jobs.removeValue(forKey: item.job) { done.append(job) }
    }
    return done
  }
}

import CInstructions
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Helper threads that take items of a job beside the thread that brings it.
///
/// A query of 16 tokens is about 200 jobs of some 50 µs, and to wake a sleeping thread takes as long as one
/// of them: so a helper without work looks for the next job for some tens of microseconds before it sleeps. A
/// job never waits for a late helper. Once all items are taken the job closes, and latecomers turn away.
///
/// Sendable, variable by variable:
/// - `body` and `itemCount` are written by the holder of `turn` only. It writes them before it publishes the
///   ticket of the job (sequentially consistent) and, after it has closed the ticket, once more when as many
///   helpers have left as joined (`left` acquired). A helper reads them between the exchange of the ticket by
///   which it joins, which acquires what was published, and its `leave`, which releases. One that does not
///   get its name on the ticket reads neither.
/// - `threads` has an atomic for each worker number. Number 0 is stored by the holder of `turn`, another one
///   by the only helper that joined with it. A thread asks whether a number is its own, and that only it
///   itself could have stored.
/// - `call` is replaced by the holder of `turn` in the child of a fork, where there are no helpers yet.
/// - everything else is an atomic, a lock, a semaphore or a constant.
final class WorkerPool: @unchecked Sendable {
  typealias Body = (_ item: Int, _ worker: Int) -> Void

  /// How often a thread looks before it sleeps: at 10 to 40 ns a look, 20 to 80 µs.
  private static let looks = 2000

  private let helperCount: Int
  /// Held by the thread that brings a job. The value: the ``ForkCount`` of the process that started the
  /// helpers, nil before.
  private let turn = Mutex<Int?>(nil)

  // The job. Written before its ticket is published and after the last helper has left.
  private var body: Body?
  private var itemCount = 0
  /// By worker number, the thread that has it.
  private let threads: UnsafeMutablePointer<Atomic<UInt>>

  private let ticket = CacheLine(Atomic(WorkerTicket.idle.word))
  private let nextItem = CacheLine(Atomic(0))
  /// How many helpers have left the job.
  private let left = CacheLine(Atomic(0))
  /// The ticket for which the bringer of the job sleeps until as many have left as joined.
  private let awaited = CacheLine(Atomic(WorkerTicket.idle.word))
  private let allHaveLeft = DispatchSemaphore(value: 0)
  /// Helpers that sleep, or are about to, and have not been called.
  private let sleepers = CacheLine(Atomic(0))
  /// Replaced only while there are no helpers.
  private var call = DispatchSemaphore(value: 0)

  init(helperCount: Int) {
    self.helperCount = helperCount
    threads = .allocate(capacity: helperCount + 1)
    for worker in 0...helperCount { (threads + worker).initialize(to: Atomic(0)) }
  }

  deinit {
    threads.deinitialize(count: helperCount + 1)
    threads.deallocate()
  }

  /// See ``Workers/forEach(_:_:)``.
  func forEach(_ itemCount: Int, _ body: Body) {
    let thread = currentThread()
    if let worker = (0...helperCount).first(where: { threads[$0].load(ordering: .relaxed) == thread }) {
      for item in 0..<itemCount { body(item, worker) }
      return
    }
    turn.withLock { startedIn in
      threads[0].store(thread, ordering: .relaxed)
      defer { threads[0].store(0, ordering: .relaxed) }
      let helpers = min(helperCount, itemCount - 1)
      guard helpers > 0 else {
        for item in 0..<itemCount { body(item, 0) }
        return
      }
      let process = ForkCount.current
      if startedIn != process {
        if startedIn != nil { forgetHelpers() }
        startedIn = process
        for _ in 0..<helperCount { startHelper() }
      }
      withoutActuallyEscaping(body) { run($0, itemCount: itemCount, helpers: helpers) }
    }
  }

  /// Ends the helpers. No job is running, and none comes after.
  func stop() {
    ticket.value.store(WorkerTicket.stop.word, ordering: .sequentiallyConsistent)
    callHelpers(helperCount)
  }

  private func run(_ body: @escaping Body, itemCount: Int, helpers: Int) {
    self.body = body
    self.itemCount = itemCount
    nextItem.value.store(0, ordering: .relaxed)
    left.value.store(0, ordering: .relaxed)
    let opened = WorkerTicket(word: ticket.value.load(ordering: .relaxed)).next(limit: helpers)
    ticket.value.store(opened.word, ordering: .sequentiallyConsistent)
    callHelpers(min(helpers, 2))
    takeItems(worker: 0)
    var final = opened
    while true {
      let (exchanged, original) = ticket.value.compareExchange(
        expected: final.word, desired: final.closed.word, ordering: .acquiringAndReleasing)
      if exchanged { break }
      final = WorkerTicket(word: original)
    }
    waitForHelpers(of: final)
    self.body = nil
  }

  /// Takes items until there are none. A function of its own: when it returns, nobody holds `body` for it.
  @inline(never)
  private func takeItems(worker: Int) {
    guard let body else { return }
    while true {
      let item = nextItem.value.wrappingAdd(1, ordering: .relaxed).oldValue
      if item >= itemCount { return }
      body(item, worker)
    }
  }

  private func waitForHelpers(of final: WorkerTicket) {
    for _ in 0..<Self.looks {
      if left.value.load(ordering: .acquiring) == final.joined { return }
      spinHint()
    }
    awaited.value.store(final.word, ordering: .sequentiallyConsistent)
    if left.value.load(ordering: .sequentiallyConsistent) == final.joined,
      awaited.value.exchange(WorkerTicket.idle.word, ordering: .sequentiallyConsistent) == final.word
    {
      return
    }
    allHaveLeft.wait()
  }

  // MARK: Helpers

  /// After a fork: the helpers are threads of the parent, and no signal reaches them.
  private func forgetHelpers() {
    sleepers.value.store(0, ordering: .relaxed)
    left.value.store(0, ordering: .relaxed)
    awaited.value.store(WorkerTicket.idle.word, ordering: .relaxed)
    for worker in 1...helperCount { threads[worker].store(0, ordering: .relaxed) }
    // Threads that no longer exist still wait on it, so it can never be freed.
    _ = Unmanaged.passRetained(call)
    call = DispatchSemaphore(value: 0)
  }

  func help() {
    let thread = currentThread()
    var job = WorkerTicket.idle.job
    while true {
      let published = waitForTicket(after: job)
      if published == .stop { return }
      job = published.job
      guard let joined = join(published) else { continue }
      if joined.hasRoom { callHelpers(2) }
      threads[joined.joined].store(thread, ordering: .relaxed)
      takeItems(worker: joined.joined)
      threads[joined.joined].store(0, ordering: .relaxed)
      leave(job)
    }
  }

  private func waitForTicket(after job: UInt64) -> WorkerTicket {
    while true {
      for _ in 0..<Self.looks {
        let current = WorkerTicket(word: ticket.value.load(ordering: .acquiring))
        if current.job != job { return current }
        spinHint()
      }
      sleepers.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let current = WorkerTicket(word: ticket.value.load(ordering: .sequentiallyConsistent))
      // A job that came in between need not call: take the name off the list, unless it has been called
      // already.
      if current.job == job || !takeSleeper() { call.wait() }
    }
  }

  /// The ticket with this helper on it, whose number as a worker is `joined`; nil where there is no room.
  private func join(_ published: WorkerTicket) -> WorkerTicket? {
    var current = published
    while current.job == published.job && current.hasRoom {
      let (exchanged, original) = ticket.value.compareExchange(
        expected: current.word, desired: current.afterJoining.word, ordering: .acquiringAndReleasing)
      if exchanged { return current.afterJoining }
      current = WorkerTicket(word: original)
    }
    return nil
  }

  private func leave(_ job: UInt64) {
    let count = left.value.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
    let word = awaited.value.load(ordering: .sequentiallyConsistent)
    let final = WorkerTicket(word: word)
    guard final.job == job, final.joined == count else { return }
    if awaited.value.compareExchange(
      expected: word, desired: WorkerTicket.idle.word, ordering: .sequentiallyConsistent
    ).exchanged {
      allHaveLeft.signal()
    }
  }

  /// Wakes up to `count` sleepers. Each that joins wakes two more: a hundred are awake after seven steps.
  private func callHelpers(_ count: Int) {
    for _ in 0..<count {
      guard takeSleeper() else { return }
      call.signal()
    }
  }

  /// Takes one from the list of the sleepers; false where it is empty.
  private func takeSleeper() -> Bool {
    var count = sleepers.value.load(ordering: .sequentiallyConsistent)
    while count > 0 {
      let (exchanged, original) = sleepers.value.compareExchange(
        expected: count, desired: count - 1, ordering: .sequentiallyConsistent)
      if exchanged { return true }
      count = original
    }
    return false
  }
}

/// The calling thread, never 0.
private func currentThread() -> UInt {
  #if canImport(Glibc)
    pthread_self()
  #else
    unsafeBitCast(pthread_self(), to: UInt.self)
  #endif
}

/// An atomic on a cache line of its own: polling one does not slow down writes to another.
private struct CacheLine<Value: AtomicRepresentable>: ~Copyable {
  let value: Atomic<Value>
  private let padding = InlineArray<15, UInt64>(repeating: 0)

  init(_ value: consuming Atomic<Value>) { self.value = value }
}

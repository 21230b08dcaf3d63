import Foundation
import Kernels
import Synchronization
import Testing

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 3, 8, 128])
  func everyItemOnce(_ count: Int) {
    let workers = Workers(count: count)
    for itemCount in [0, 1, 2, 3, 7, 1000] {
      let seen = Counts(itemCount)
      workers.forEach(itemCount) { item, worker in
        seen.increment(item)
        #expect(worker >= 0 && worker < count)
      }
      #expect(seen.values == [Int](repeating: 1, count: itemCount))
    }
  }

  /// Many short jobs, one after another: none sees the items or the closure of another.
  @Test func manyJobs() {
    let workers = Workers(count: 4)
    for job in 0..<20_000 {
      let sum = Atomic(0)
      workers.forEach(1 + job % 9) { item, _ in sum.wrappingAdd(item + job, ordering: .relaxed) }
      let count = 1 + job % 9
      #expect(sum.load(ordering: .relaxed) == count * job + count * (count - 1) / 2)
    }
  }

  /// Helpers sleep between these.
  @Test func jobsAfterPauses() {
    let workers = Workers(count: 3)
    for _ in 0..<20 {
      let seen = Counts(50)
      workers.forEach(50) { item, _ in seen.increment(item) }
      #expect(seen.values == [Int](repeating: 1, count: 50))
      Thread.sleep(forTimeInterval: 0.002)
    }
  }

  /// No two running calls have the same worker number, whoever calls.
  @Test func callersTakeTurns() {
    let workers = Workers(count: 3)
    let running = Counts(3)
    let clashes = Atomic(0)
    let total = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<500 {
        workers.forEach(5) { _, worker in
          if running.increment(worker) != 1 { clashes.wrappingAdd(1, ordering: .relaxed) }
          total.wrappingAdd(1, ordering: .relaxed)
          running.decrement(worker)
        }
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
    #expect(total.load(ordering: .relaxed) == 4 * 500 * 5)
  }

  @Test func callsFromInside() {
    let workers = Workers(count: 3)
    let seen = Counts(6 * 7)
    workers.forEach(6) { outer, outerWorker in
      workers.forEach(7) { inner, innerWorker in
        #expect(innerWorker == outerWorker)
        seen.increment(7 * outer + inner)
      }
    }
    #expect(seen.values == [Int](repeating: 1, count: 42))
  }

  /// The items of a job can wait for each other only if as many threads as workers take them.
  @Test func allThreadsTakePart() {
    let workers = Workers(count: 4)
    let arrived = Atomic(0)
    workers.forEach(4) { _, _ in
      arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 4 { Thread.sleep(forTimeInterval: 0.0001) }
    }
    #expect(arrived.load(ordering: .relaxed) == 4)
  }

  #if os(Linux)
    /// Workers that go take their threads along: 700 helpers in turn, and some hundred threads of other
    /// tests.
    @Test func threadsDoNotPileUp() throws {
      for _ in 0..<100 {
        let workers = Workers(count: 8)
        workers.forEach(100) { _, _ in }
      }
      let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      #expect(threads < 500)
    }
  #endif
}

/// Counters that several threads may change.
private final class Counts: Sendable {
  private let counts: Mutex<[Int]>

  init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }

  var values: [Int] { counts.withLock { $0 } }

  @discardableResult func increment(_ index: Int) -> Int {
    counts.withLock {
      $0[index] += 1
      return $0[index]
    }
  }

  func decrement(_ index: Int) { counts.withLock { $0[index] -= 1 } }
}

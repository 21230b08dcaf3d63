import Dispatch
import Synchronization
import Testing
import TouchstoneServer

struct WorkPoolTests {
  /// So many at once and no more, whoever asks, and never on the threads of Swift's own pool.
  @Test func aBoundedNumberRunsAtOnce() async {
    let pool = WorkPool("test", width: 2)
    let busy = Busy()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask(executorPreference: pool) {
          busy.work(milliseconds: 5)
          await Task.yield()
        }
      }
    }
    #expect(busy.most == 2)
  }

  @Test func largeBodiesHoldUpNoSmallOnes() {
    #expect(WorkPool.fitting(bytes: 1000) === WorkPool.small)
    #expect(WorkPool.fitting(bytes: WorkPool.smallBytes + 1) === WorkPool.large)
  }
}

/// Counts how many threads work at once.
private final class Busy: Sendable {
  private let counts = Mutex((now: 0, most: 0))

  var most: Int { counts.withLock { $0.most } }

  func work(milliseconds: Int) {
    counts.withLock { counts in
      counts.now += 1
      counts.most = max(counts.most, counts.now)
    }
    let end = DispatchTime.now() + .milliseconds(milliseconds)
    while DispatchTime.now() < end {}
    counts.withLock { $0.now -= 1 }
  }
}

import Dispatch
import NIOCore
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Threads that parse, tokenize and write for requests, so many at once and no more.
///
/// The threads of Swift's own pool, as many as processors, read from connections and answer `/health`: a text
/// of fifteen megabytes would hold one of them for many seconds. Large bodies have threads of their own, so
/// that they hold up no small ones either.
package final class WorkPool: TaskExecutor {
  /// For most requests.
  package static let small = WorkPool(
    "touchstone.requests", width: max(2, ProcessInfo.processInfo.activeProcessorCount))
  /// For bodies of more than ``smallBytes``.
  package static let large = WorkPool(
    "touchstone.large", width: max(2, ProcessInfo.processInfo.activeProcessorCount / 2))

  /// A text of so many bytes takes a fraction of a second at worst.
  package static let smallBytes = 128 << 10

  package static func fitting(bytes: Int) -> WorkPool { bytes > smallBytes ? large : small }

  /// How many jobs run at once.
  package let width: Int
  private let jobs = Mutex(CircularBuffer<UnownedJob>())
  /// Signalled for each job.
  private let work = DispatchSemaphore(value: 0)

  /// Its threads live as long as the process.
  package init(_ label: String, width: Int) {
    self.width = width
    for number in 0..<width {
      // A serial queue of its own is a thread of its own.
      DispatchQueue(label: "\(label).\(number)").async { self.runJobs() }
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    work.signal()
  }

  private func runJobs() {
    while true {
      work.wait()
      let job = jobs.withLock { $0.popFirst() }
      job?.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

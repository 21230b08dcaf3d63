import Dispatch

/// The threads that compute, and how work is handed to them.
///
/// A kernel runs on one thread, over a tile. A tile's bits do not depend on which worker computes it, nor on how
/// many there are, so tiles are taken in whatever order workers become free.
public struct Workers: Sendable {
  public let count: Int

  /// - Parameter count: how many threads compute at once, the calling thread included.
  public init(count: Int) {
    precondition(count > 0)
    self.count = count
  }

  /// Calls `body` once for each index in `0..<itemCount`, on up to ``count`` threads, and waits for all.
  ///
  /// `worker` is a number in `0..<count` that no other running call has: the index of the caller's own scratch.
  public func forEach(_ itemCount: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    let threads = min(count, itemCount)
    if threads <= 1 {
      for item in 0..<itemCount { body(item, 0) }
      return
    }
    let next = SharedCounter()
    withoutActuallyEscaping(body) { body in
      // The tiles of one call write to different places: that is what makes them tiles.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: threads) { worker in
        while true {
          let item = next.take()
          if item >= itemCount { return }
          body(item, worker)
        }
      }
    }
  }
}

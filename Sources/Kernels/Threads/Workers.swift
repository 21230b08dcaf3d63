/// The threads that compute, and how work is handed to them.
///
/// A kernel runs on one thread, over a tile. A tile's bits do not depend on which worker computes it, nor on
/// how many there are, so tiles are taken in whatever order workers become free.
///
/// The threads start with the first work for more than one, and end with the last copy of the value.
package struct Workers: Sendable {
  package let count: Int
  private let owner: Owner

  /// - Parameter count: how many threads compute at once, the calling thread included.
  package init(count: Int) {
    precondition(count > 0 && count <= WorkerTicket.maximum)
    self.count = count
    owner = Owner(pool: WorkerPool(helperCount: count - 1))
  }

  /// Calls `body` once for each index in `0..<itemCount`, on up to ``count`` threads, and waits for all.
  ///
  /// `worker` is a number in `0..<count` that no other running call has: the index of the caller's own
  /// scratch. Threads that call this at the same time take turns. A call from inside `body` runs its items
  /// one after the other, under the number of the worker that it comes from.
  package func forEach(_ itemCount: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
    owner.pool.forEach(itemCount, body)
  }

  /// Its end is the end of the threads, which hold the pool themselves.
  private final class Owner: Sendable {
    let pool: WorkerPool
    init(pool: WorkerPool) { self.pool = pool }
    deinit { pool.stop() }
  }
}

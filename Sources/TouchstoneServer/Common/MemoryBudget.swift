import Synchronization

/// The memory that requests hold together: bodies, what is parsed from them, answers that have not been read.
/// Over the limit a request is refused, so that no mix of them fills the machine.
package final class MemoryBudget: Sendable {
  private let limit: Int
  private let used = Mutex(0)

  package init(limit: Int) { self.limit = limit }

  package var bytesInUse: Int { used.withLock(\.self) }

  /// Memory of one request, given back when nobody holds this any more.
  package final class Reservation: Sendable {
    private let budget: MemoryBudget
    private let bytes = Mutex(0)

    fileprivate init(_ budget: MemoryBudget) { self.budget = budget }

    package func grow(by count: Int) throws(ServiceError) {
      try budget.take(count)
      bytes.withLock { $0 += count }
    }

    /// Where less than `count` bytes are reserved, the rest as well.
    package func grow(toAtLeast count: Int) throws(ServiceError) {
      let missing = count - bytes.withLock(\.self)
      if missing > 0 { try grow(by: missing) }
    }

    deinit { budget.giveBack(bytes.withLock(\.self)) }
  }

  package func reservation() -> Reservation { Reservation(self) }

  private func take(_ count: Int) throws(ServiceError) {
    let fits = used.withLock { used in
      guard used + count <= limit else { return false }
      used += count
      return true
    }
    guard fits else { throw .overloaded(retryAfterSeconds: 1) }
  }

  private func giveBack(_ count: Int) { used.withLock { $0 -= count } }
}

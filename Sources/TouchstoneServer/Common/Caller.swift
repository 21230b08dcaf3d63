import Synchronization

/// Who sent a request, as far as fairness is concerned: the requests of one client share one turn.
package struct ClientID: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// Who waits for an answer.
package struct Caller: Sendable {
  package let client: ClientID
  package let presence: ClientPresence
  /// When what was begun for the caller is given up. nil: after the time that a request may take.
  package let deadline: ContinuousClock.Instant?
  /// The memory that the request holds. nil: nobody counts.
  package let memory: MemoryBudget.Reservation?

  package init(
    client: ClientID, presence: ClientPresence = ClientPresence(), deadline: ContinuousClock.Instant? = nil,
    memory: MemoryBudget.Reservation? = nil
  ) {
    self.client = client
    self.presence = presence
    self.deadline = deadline
    self.memory = memory
  }

  /// - Throws: `CancellationError` where nobody waits any more, or not for so long.
  package func checkPresence() throws {
    if let deadline, deadline <= .now { presence.leave(.outOfTime) }
    if presence.isGone { throw CancellationError() }
  }
}

/// Whether the client of a request is still there. What was begun for it ends when it goes.
package final class ClientPresence: Sendable {
  /// Why nobody waits any more.
  package enum Departure: Sendable {
    /// The connection has been closed from the other side.
    case disconnected
    /// The request has lasted for as long as a request may.
    case outOfTime
  }

  private struct State {
    var departure: Departure?
    var actions: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var departure: Departure? { state.withLock(\.departure) }
  package var isGone: Bool { departure != nil }

  /// Calls `action` when the client goes, or now if it has gone.
  package func onLeaving(_ action: @escaping @Sendable () -> Void) {
    let isGone = state.withLock { state in
      if state.departure == nil { state.actions.append(action) }
      return state.departure != nil
    }
    if isGone { action() }
  }

  /// Nobody waits from here on.
  package func leave(_ departure: Departure) {
    let actions = state.withLock { state in
      state.departure = state.departure ?? departure
      defer { state.actions = [] }
      return state.actions
    }
    for action in actions { action() }
  }
}

import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What is known of a request beside its bytes. A value for each request.
package struct ServiceRequestContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  package let channel: any Channel
  /// Who sent it: the address of the peer, until authentication knows better.
  package var client: ClientID
  package let presence = ClientPresence()
  /// When the request is given up, whoever still waits for it. nil: it has not been admitted yet.
  package var deadline: ContinuousClock.Instant?
  /// Facts for the report, gathered on the way.
  package let facts = RequestFacts()

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    client = ClientID(source.channel.remoteAddress?.ipAddress ?? "local")
  }

  package var caller: Caller {
    Caller(client: client, presence: presence, deadline: deadline, memory: facts.current.memory)
  }
}

/// What is found out about a request while it is served, for its report.
package final class RequestFacts: Sendable {
  package struct Values: Sendable {
    package var id = ""
    package var client = ""
    package var bytesIn = 0
    package var error: ServiceError?
    package var work: RequestWork?
    /// What the client speaks, where its path does not tell.
    package var dialect: Dialect?
    /// Held until the answer has been written.
    package var memory: MemoryBudget.Reservation?
  }

  /// What the body has that nobody reads.
  package let ignored = IgnoredParameters()

  private let values = Mutex(Values())

  package var current: Values { values.withLock(\.self) }

  package func update(_ change: (inout Values) -> Void) { values.withLock { change(&$0) } }
}

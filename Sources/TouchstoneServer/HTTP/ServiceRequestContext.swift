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
  /// The name of the request, in logs and in its answer.
  package var id = ""
  /// Whose words the route speaks; nil: no route fits.
  package var dialect: Dialect?
  /// Held until the answer has been written. nil: the request has not been admitted yet.
  package var memory: MemoryBudget.Reservation?
  /// Filled further in, for the report.
  package let outcome = RequestOutcome()

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    client = ClientID(source.channel.remoteAddress?.ipAddress ?? "local")
  }

  package var caller: Caller {
    Caller(client: client, presence: presence, deadline: deadline, memory: memory)
  }
}

/// The end of a request, for its report. Hummingbird's response has no room for it, so it goes outward beside
/// the response: the route and the rendering of errors fill it, the outermost middleware reads it.
package final class RequestOutcome: Sendable {
  package struct Value: Sendable {
    /// The dialect that the body turned out to be in. nil: the route's.
    package var dialect: Dialect?
    package var bytesIn = 0
    package var ignored: IgnoredParameters?
    package var work: RequestWork?
    package var error: ServiceError?
  }

  private let state = Mutex(Value())

  package var value: Value { state.withLock(\.self) }

  package func update(_ change: (inout Value) -> Void) { state.withLock { change(&$0) } }
}

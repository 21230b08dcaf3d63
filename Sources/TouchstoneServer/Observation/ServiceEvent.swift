import Touchstone

/// What the service tells whoever counts and logs. No event holds a text of a user.
package enum ServiceEvent: Sendable {
  /// A request has been answered, well or with an error.
  case requestFinished(RequestReport)
  /// A pass through a model has ended.
  case passFinished(PassReport)
  /// Texts whose vectors were in the cache, and texts whose vectors were not.
  case cacheLookedUp(hits: Int, misses: Int)
  case modelLoaded(name: String, path: String, seconds: Double)
}

package struct RequestReport: Sendable {
  package var id: String
  package var client: String
  package var method: String
  /// The route's pattern, such as `/v1/models/{id}`; never what the client wrote.
  package var route: String
  package var status: Int
  package var duration: Duration
  package var bytesIn: Int
  package var bytesOut: Int
  /// Why the request was refused, or nil.
  package var error: ServiceError?
  /// Facts of a request that went through a model.
  package var work: RequestWork?
}

/// What a request took of the engine.
package struct RequestWork: Sendable {
  package var model: String
  package var inputs: Int
  package var tokensGiven: Int
  package var tokensUsed: Int
  package var timings: RequestTimings
}

package struct PassReport: Sendable {
  package var sequences: Int
  package var tokens: Int
  package var jobs: Int
  package var duration: Duration
  /// Whether it ran in a pause of a longer pass.
  package var wasInPause: Bool
  /// Whether nobody waited for it any more before it ended.
  package var wasGivenUp: Bool
  package var stages: [(stage: Stage, duration: Duration)]
}

/// Who counts and logs. Called from any thread; must return soon.
package protocol ServiceObserver: Sendable {
  func record(_ event: ServiceEvent)
}

/// Several observers as one.
package struct ServiceObservers: ServiceObserver {
  private let observers: [any ServiceObserver]

  package init(_ observers: [any ServiceObserver] = []) { self.observers = observers }

  package func record(_ event: ServiceEvent) {
    for observer in observers { observer.record(event) }
  }
}

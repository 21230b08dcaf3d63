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
  /// The route's pattern, such as `/v1/models/**`; never what the client wrote. nil: no route has such a
  /// path.
  package var route: String?
  /// Whose words the request was in. nil: unknown.
  package var dialect: Dialect?
  package var status: Int
  package var duration: Duration
  package var bytesIn: Int
  package var bytesOut: Int
  /// Why the request was refused, or nil.
  package var error: ServiceError?
  /// Facts of a request that went through a model.
  package var work: RequestWork?
  /// How many members of the body nobody read. Their names are the client's.
  package var ignoredParameters: Int

  package init(
    id: String, client: String, method: String, route: String?, dialect: Dialect? = nil, status: Int,
    duration: Duration, bytesIn: Int, bytesOut: Int, error: ServiceError? = nil, work: RequestWork? = nil,
    ignoredParameters: Int = 0
  ) {
    self.id = id
    self.client = client
    self.method = method
    self.route = route
    self.dialect = dialect
    self.status = status
    self.duration = duration
    self.bytesIn = bytesIn
    self.bytesOut = bytesOut
    self.error = error
    self.work = work
    self.ignoredParameters = ignoredParameters
  }
}

/// What a request took of the engine.
package struct RequestWork: Sendable {
  package var model: String
  package var inputs: Int
  package var tokensGiven: Int
  package var tokensUsed: Int
  package var timings: RequestTimings

  package init(model: String, inputs: Int, tokensGiven: Int, tokensUsed: Int, timings: RequestTimings) {
    self.model = model
    self.inputs = inputs
    self.tokensGiven = tokensGiven
    self.tokensUsed = tokensUsed
    self.timings = timings
  }
}

/// How long the parts of a request took.
package struct RequestTimings: Sendable, Equatable {
  /// Text to token ids.
  package var tokenization = Duration.zero
  /// From the queue's door to the first pass that had an input of the request.
  package var queue = Duration.zero
  /// From that pass's beginning to the last vector.
  package var inference = Duration.zero

  package init() {}
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

  package init(
    sequences: Int, tokens: Int, jobs: Int, duration: Duration, wasInPause: Bool, wasGivenUp: Bool,
    stages: [(stage: Stage, duration: Duration)]
  ) {
    self.sequences = sequences
    self.tokens = tokens
    self.jobs = jobs
    self.duration = duration
    self.wasInPause = wasInPause
    self.wasGivenUp = wasGivenUp
    self.stages = stages
  }
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

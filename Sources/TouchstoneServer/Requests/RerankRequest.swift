import Touchstone

/// What every rerank request comes down to.
package struct RerankRequest: Sendable, Equatable {
  /// The name that the client gave. nil: the first reranker.
  package var model: String?
  package var query: String
  package var documents: [String]
  /// nil: the service's task.
  package var instruction: String?
  /// nil: the service's policy.
  package var truncation: Truncation?

  package init(model: String? = nil, query: String, documents: [String]) {
    self.model = model
    self.query = query
    self.documents = documents
  }
}

/// The scores of a request, in the order of its documents.
package struct RerankAnswer: Sendable {
  /// The served name of the model that computed them.
  package let model: String
  package let scores: [RerankScore]
  package let timings: RequestTimings

  package init(model: String, scores: [RerankScore], timings: RequestTimings) {
    self.model = model
    self.scores = scores
    self.timings = timings
  }
}

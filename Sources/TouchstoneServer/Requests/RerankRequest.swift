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

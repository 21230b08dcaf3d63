import Touchstone

/// How the service embeds where a request says nothing.
package struct ServiceSettings: Sendable {
  package var activations = ActivationPrecision.i16
  /// nil: as the model's file says.
  package var pooling: Pooling?
  package var truncation = Truncation.error
  /// The task of queries that name none.
  package var queryTask = EmbeddingRole.defaultTask
  /// Whether a request for an unknown model gets the first one.
  package var acceptsAnyModel = false
  package var limits = Limits()
  package var scheduling = SchedulingPolicy()
  /// Bytes of vectors kept for texts that come again; 0: none.
  package var cacheBytes = 0

  package init() {}

  /// The role of a query that names no task of its own.
  package var queryRole: EmbeddingRole { .query(task: queryTask) }
}

import Synchronization
import Touchstone

/// The models of the service, by the names that requests use.
///
/// A request that names no model gets the first that can do what it asks for. A name with `:query` after it
/// embeds inputs that have no role of their own as queries, for clients that cannot say so otherwise.
package final class ModelRegistry: Sendable {
  private let models = Mutex<[ServedModel]?>(nil)
  private let acceptsAnyName: Bool

  /// What clients that have no field for it append to a model's name.
  package static let querySuffix = ":query"

  package init(acceptsAnyName: Bool = false) { self.acceptsAnyName = acceptsAnyName }

  /// Whether the models have been loaded.
  package var isReady: Bool { models.withLock { $0 != nil } }

  /// In the order of the command line.
  package func all() throws(ServiceError) -> [ServedModel] {
    guard let models = models.withLock(\.self) else { throw .unavailable("the model is being loaded") }
    return models
  }

  /// The model that `name` stands for, and whether the name asks for queries.
  ///
  /// - Parameter task: decides between models where there is no name; nil: the first of all. A model that is
  ///   named is returned whatever it can do.
  package func model(
    named name: String?, for task: ModelTask? = nil
  ) throws(ServiceError) -> (model: ServedModel, asQuery: Bool) {
    let models = try all()
    let unnamed = models.first { task == nil || task == $0.task } ?? models[0]
    guard let name, !name.isEmpty else { return (unnamed, false) }
    if let model = models.first(where: { $0.answers(to: name) }) { return (model, false) }
    let bare = name.droppingSuffix(Self.querySuffix)
    if let bare, let model = models.first(where: { $0.answers(to: bare) }) { return (model, true) }
    guard acceptsAnyName else { throw .unknownModel(name, available: models.map(\.name)) }
    return (unnamed, bare != nil)
  }

  /// From here on requests are served.
  package func provide(_ loaded: [ServedModel]) { models.withLock { $0 = loaded } }
}

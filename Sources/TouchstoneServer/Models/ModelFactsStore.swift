import Synchronization

/// The facts of the served models. A file's header is read when somebody asks for the first time.
package final class ModelFactsStore: Sendable {
  private let known = Mutex<[String: ModelFacts]>([:])

  package init() {}

  package func facts(of served: ServedModel) throws(ServiceError) -> ModelFacts {
    if let facts = known.withLock({ $0[served.name] }) { return facts }
    let facts: ModelFacts
    do { facts = try ModelFacts(name: served.name, model: served.model) } catch {
      throw .engine(error.description)
    }
    known.withLock { $0[served.name] = facts }
    return facts
  }

  package func all(_ models: [ServedModel]) throws(ServiceError) -> [ModelFacts] {
    var all: [ModelFacts] = []
    for model in models { all.append(try facts(of: model)) }
    return all
  }
}

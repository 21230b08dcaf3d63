import JSON
import Synchronization
import TouchstoneServer

/// Knowledge bases as part of a service: vector stores and files of OpenAI's API, Dify's external knowledge,
/// Open WebUI's document loader, MCP, and a page.
package final class KnowledgeExtension: ServiceExtension {
  let definitions: [BaseDefinition]
  let limits: KnowledgeLimits
  private let folder: String
  private let state = Mutex(State())

  private struct State {
    var bases: KnowledgeBases?
    var service: InferenceService?
  }

  /// - Parameters:
  ///   - definitions: at least one.
  ///   - folder: where uploaded files and the vector stores of clients are. nil: `service` in the first base.
  package init(
    _ definitions: [BaseDefinition], folder: String? = nil, limits: KnowledgeLimits = KnowledgeLimits()
  ) {
    precondition(!definitions.isEmpty, "without a base there is no such part of the service")
    self.definitions = definitions
    self.limits = limits
    self.folder = folder ?? definitions[0].path + "/service"
  }

  package var schemas: [[UInt8]] {
    [
      PackageResources.KnowledgeSchemas_json, PackageResources.VectorStoreSchemas_json,
      PackageResources.NeighborSchemas_json,
    ]
  }

  package func start(_ models: [ServedModel]) throws(ServiceStartError) {
    let bases = try KnowledgeBases(definitions, folder: folder, models, limits: limits)
    let service = state.withLock { state in
      state.bases = bases
      return state.service
    }
    guard let service else { return }
    do {
      for base in bases.all { try base.resume(service) }
    } catch {
      throw .extensionFailed("the knowledge bases cannot be served: \(error)")
    }
  }

  package func stop() async { await state.withLock(\.bases)?.stop() }

  package var status: [JSONValue.Member] {
    [.init("knowledge", .array(definitions.map { .string($0.name) }))]
  }

  package var startLines: [String] {
    (state.withLock(\.bases)?.all ?? []).compactMap { base in
      guard !base.isMade, let count = try? base.store.documentCount() else { return nil }
      return "knowledge base '\(base.name)': \(count) document\(count == 1 ? "" : "s"), page: /knowledge"
    }
  }

  /// - Throws: while the models are being loaded.
  func bases() throws(ServiceError) -> KnowledgeBases {
    guard let bases = state.withLock(\.bases) else {
      throw .unavailable("the knowledge bases are being opened")
    }
    return bases
  }

  package func add(to routes: Routes) {
    state.withLock { $0.service = routes.service }
    let bases: @Sendable () throws(ServiceError) -> KnowledgeBases = { () throws(ServiceError) in
      try self.bases()
    }
    FileRoutes(service: routes.service, bases: bases, limits: limits).add(to: routes)
    VectorStoreRoutes(service: routes.service, bases: bases).add(to: routes)
    VectorStoreFileRoutes(service: routes.service, bases: bases).add(to: routes)
    BaseRoutes(service: routes.service, bases: bases, limits: limits).add(to: routes)
    LoaderRoutes(service: routes.service, limits: limits).add(to: routes)
    DifyRoutes(service: routes.service, bases: bases).add(to: routes)
    MCPRoutes(service: routes.service, bases: bases).add(to: routes)
    KnowledgePage.add(to: routes)
  }
}

/// The bases, once they are open.
typealias BasesSource = @Sendable () throws(ServiceError) -> KnowledgeBases

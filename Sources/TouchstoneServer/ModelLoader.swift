import Dispatch
import ServiceLifecycle
import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Loads the models in the background while the service listens already. A model that cannot be loaded ends
/// the service: a deployment with a broken file is to be noticed.
struct ModelLoader: Service {
  let definitions: [ModelDefinition]
  let threads: Int?
  let registry: ModelRegistry
  let observer: any ServiceObserver
  let phase: ServicePhase
  let extensions: [any ServiceExtension]
  /// Said of each model what is odd about its file.
  let warn: @Sendable (String) -> Void

  func run() async throws {
    let models: [ServedModel]
    do {
      models = try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "touchstone.loading").async {
          continuation.resume(
            with: Result {
              let models = try load()
              for one in extensions { try one.start(models) }
              return models
            })
        }
      }
    } catch {
      phase.end()
      throw error
    }
    registry.provide(models)
    phase.modelsAreLoaded()
    try await gracefulShutdown()
  }

  private func load() throws -> [ServedModel] {
    var models: [ServedModel] = []
    for definition in definitions {
      let clock = ContinuousClock()
      let start = clock.now
      let model = try AnyModel(path: definition.path, threads: threads)
      for warning in model.warnings { warn("\(definition.path): \(warning)") }
      let served = ServedModel(
        name: definition.name ?? ServedModel.defaultName(model), aliases: definition.aliases, model: model,
        created: Int(Date().timeIntervalSince1970), loadTime: clock.now - start)
      // Names that the command line gives were compared before; those of files are known only now.
      for name in [served.name] + served.aliases where models.contains(where: { $0.answers(to: name) }) {
        throw ServiceStartError.nameTwice(name)
      }
      models.append(served)
      observer.record(
        .modelLoaded(
          name: served.name, path: definition.path, seconds: served.loadTime / .seconds(1)))
    }
    return models
  }
}

import Logging
import Synchronization
import Touchstone

/// How far the service has come: it serves when it listens and its models are loaded, until it ends.
package final class ServicePhase: Sendable {
  private struct State {
    var url: String?
    var areModelsLoaded = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let onServing: @Sendable (String) -> Void

  /// - Parameter onServing: called once, with the address as people write it, `http://127.0.0.1:8080`.
  init(onServing: @escaping @Sendable (String) -> Void) { self.onServing = onServing }

  /// Whether connections are taken. Before and after, errors are the service's own to tell.
  var isListening: Bool { state.withLock { $0.url != nil && !$0.hasEnded } }

  func listen(at url: String) { advance { $0.url = url } }
  func modelsAreLoaded() { advance { $0.areModelsLoaded = true } }
  func end() { state.withLock { $0.hasEnded = true } }

  private func advance(_ step: (inout State) -> Void) {
    let url = state.withLock { state in
      step(&state)
      return state.areModelsLoaded && !state.hasEnded ? state.url : nil
    }
    if let url { onServing(url) }
  }
}

/// What a service says when it begins to serve: what a client needs to know, to be pasted.
package struct StartReport: Sendable {
  /// `http://127.0.0.1:8080`
  package let url: String
  /// One line a model, the address of the page, and the base URL of OpenAI's clients.
  package let lines: [String]

  init(url: String, models: [ServedModel], _ settings: ServiceSettings, also further: [String] = []) {
    self.url = url
    let kernels = EngineInformation.current.kernels ?? "none"
    let described = models.map { served in
      let names = ([served.name] + served.aliases).map { "'\($0)'" }.joined(separator: ", ")
      let size =
        served.task == .embedding ? "\(served.model.configuration.hiddenSize) dimensions" : "reranking scores"
      return
        "model \(names): \(size), up to \(served.model.configuration.contextLength) tokens, \(served.facts.blockFormat) weights, "
        + "\(settings.activations.rawValue) activations, \(kernels) kernels, \(served.model.threadCount) threads"
    }
    let isUnixSocket = url.utf8.starts(with: "unix:".utf8)
    let addresses =
      isUnixSocket ? [] : ["base URL of OpenAI clients: \(url)/v1", "page: \(url)/"]
    lines = described + further + addresses + ["listening on \(url)"]
  }
}

/// The log of the libraries underneath. It is silent while the service does not listen: what goes wrong then
/// is thrown, and said once in a sentence; the libraries would add that they were canceled or closed
/// already.
struct LibraryLogHandler: LogHandler {
  var base: any LogHandler
  let phase: ServicePhase

  var metadata: Logger.Metadata {
    get { base.metadata }
    set { base.metadata = newValue }
  }
  var logLevel: Logger.Level {
    get { base.logLevel }
    set { base.logLevel = newValue }
  }
  var metadataProvider: Logger.MetadataProvider? {
    get { base.metadataProvider }
    set { base.metadataProvider = newValue }
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { base[metadataKey: key] }
    set { base[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) {
    guard phase.isListening || logLevel == .trace else { return }
    base.log(event: event)
  }
}

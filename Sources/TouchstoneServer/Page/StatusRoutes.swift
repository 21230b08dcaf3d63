import JSON
import Touchstone

/// `GET /status`, the service at this moment, as the page at `/` shows it; `GET /metrics`, for Prometheus.
struct StatusRoutes {
  let service: InferenceService
  let metrics: ServiceMetrics
  let extensions: [any ServiceExtension]

  func add(to routes: Routes) {
    routes.get(
      "/status", .plain, "The service at this moment, as the page shows it.", gives: "ServiceStatus"
    ) { _ in Answer(json: status) }
    routes.get(
      "/metrics", .plain, "All that is counted, for Prometheus.", gives: .text("text/plain")
    ) { _ in
      let load = service.scheduler.load
      let text = metrics.text(
        jobs: load.jobs, queuedTokens: load.queuedTokens, requestMemory: service.memory.bytesInUse,
        droppedLogLines: LogWriter.standardError.droppedLines)
      return Answer(contentType: PrometheusText.contentType, bytes: Array(text.utf8))
    }
  }

  private var status: JSONValue {
    let engine = EngineInformation.current
    let models = (try? service.registry.all()) ?? []
    let load = service.scheduler.load
    return .object(
      [
        .init("state", .string(service.registry.isReady ? "ready" : "loading")),
        .init("version", .string(engine.version)),
        .init("kernels", engine.kernels.map(JSONValue.string) ?? .null),
        .init("threads", models.first.map { .number($0.model.threadCount) } ?? .null),
        .init("uptime_seconds", .number((metrics.process.uptime * 10).rounded() / 10)),
        .init("tokens_per_second", .number(metrics.tokenRate.rate(at: ServiceMetrics.second))),
        .init("requests", .number(Int(metrics.requests.total))),
        .init("tokens", .number(Int(metrics.tokens.total))),
        .init("waiting", .number(load.jobs)),
        .init("waiting_tokens", .number(load.queuedTokens)),
        .init("memory_bytes", ProcessMemory.current.map { .number($0.residentBytes) } ?? .null),
        .init("default_instruct", .string(service.settings.queryTask)),
        .init("models", .array(models.map(description))),
      ] + extensions.flatMap(\.status))
  }

  private func description(_ served: ServedModel) -> JSONValue {
    let configuration = served.model.configuration
    return .object([
      .init("name", .string(served.name)),
      .init("task", .string(served.task.rawValue)),
      .init("parameters", .number(served.facts.parameterCount)),
      .init("weights", .string(served.facts.blockFormat)),
      .init("weight_bytes", .number(served.facts.byteCount)),
      .init("dimensions", served.task == .embedding ? .number(configuration.hiddenSize) : .null),
      .init("context_length", .number(configuration.contextLength)),
      .init("activations", .string(service.settings.activations.rawValue)),
    ])
  }
}

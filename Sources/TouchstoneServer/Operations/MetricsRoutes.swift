/// `GET /metrics`, for Prometheus.
struct MetricsRoutes {
  let service: InferenceService
  let metrics: ServiceMetrics

  func add(to routes: Routes) {
    routes.get("/metrics") { _ in
      let load = service.scheduler.load
      let text = metrics.text(
        jobs: load.jobs, queuedTokens: load.queuedTokens,
        droppedLogLines: LogWriter.standardError.droppedLines)
      return Answer(contentType: PrometheusText.contentType, bytes: Array(text.utf8))
    }
  }
}

/// `GET /metrics`, for Prometheus.
struct MetricsRoutes {
  let service: EmbeddingService
  let metrics: ServiceMetrics

  func add(to routes: Routes) {
    routes.get("/metrics") { _ in
      let text = metrics.text(
        load: service.scheduler.load, droppedLogLines: LogWriter.standardError.droppedLines)
      return Answer(contentType: PrometheusText.contentType, bytes: Array(text.utf8))
    }
  }
}

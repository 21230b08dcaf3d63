import Touchstone

/// Everything the service counts. What `/metrics` says, and the page at `/`.
package final class ServiceMetrics: Sendable {
  let requests = Counter(
    "touchstone_requests_total", "Requests answered.", labels: ["route", "dialect", "status"])
  let requestSeconds = Histogram(
    "touchstone_request_duration_seconds", "From the head of a request to the end of its answer.",
    bounds: Histogram.secondsBounds, labels: ["route"])
  let rejected = Counter(
    "touchstone_rejected_total", "Requests refused, by reason.", labels: ["reason"])
  let inputs = Counter("touchstone_inputs_total", "Texts embedded or scored.")
  let tokens = Counter("touchstone_tokens_total", "Tokens that went through a model.")
  let queueSeconds = Histogram(
    "touchstone_queue_seconds", "How long an input waited for its batch.", bounds: Histogram.secondsBounds)
  let batchInputs = Histogram(
    "touchstone_batch_inputs", "Inputs computed together.", bounds: Histogram.textBounds)
  let batchTokens = Histogram(
    "touchstone_batch_tokens", "Tokens computed together.", bounds: Histogram.tokenBounds)
  let batchSeconds = Histogram(
    "touchstone_batch_seconds", "How long a batch was computed.", bounds: Histogram.secondsBounds)
  let stageSeconds = Counter(
    "touchstone_stage_seconds_total", "Where the time of the engine goes.", labels: ["stage"])

  let tokenRate = RateMeter()
  let process = ProcessMetrics()

  package init() {}

  /// The families above, in Prometheus's text format.
  func write(to text: inout PrometheusText) {
    let engine = EngineInformation.current
    text.begin("touchstone_build_info", .gauge, "The version and the kernels in use; always 1.")
    text.sample(
      "touchstone_build_info",
      [(name: "version", value: engine.version), (name: "kernels", value: engine.kernels ?? "none")], 1)
    for counter in [requests, rejected, inputs, tokens, stageSeconds] { counter.write(to: &text) }
    for histogram in [requestSeconds, queueSeconds, batchInputs, batchTokens, batchSeconds] {
      histogram.write(to: &text)
    }
    process.write(to: &text)
  }
}

import Touchstone

/// Everything the service counts: what `/metrics` says, and the page at `/`.
package final class ServiceMetrics: Sendable {
  // Requests.
  let requests = Counter(
    "touchstone_requests_total", "Requests answered.", labels: ["route", "dialect", "status"])
  let requestSeconds = Histogram(
    "touchstone_request_duration_seconds", "From the head of a request to its answer.",
    bounds: Histogram.secondsBounds, labels: ["route"])
  let rejected = Counter("touchstone_rejected_total", "Requests refused, by reason.", labels: ["reason"])

  // What requests took of the engine.
  let inputs = Counter("touchstone_inputs_total", "Texts embedded.", labels: ["model"])
  let tokens = Counter(
    "touchstone_tokens_total", "Tokens of answered requests, after truncation.", labels: ["model"])
  let truncatedTokens = Counter(
    "touchstone_truncated_tokens_total", "Tokens that were cut off, as requests allowed.", labels: ["model"])
  let tokenizationSeconds = Histogram(
    "touchstone_tokenization_seconds", "From texts to token ids, for each request.",
    bounds: Histogram.secondsBounds)
  let queueSeconds = Histogram(
    "touchstone_queue_seconds", "How long a request waited for its first pass.",
    bounds: Histogram.secondsBounds)
  let inferenceSeconds = Histogram(
    "touchstone_inference_seconds", "From a request's first pass to its last vector.",
    bounds: Histogram.secondsBounds)
  let cacheLookups = Counter(
    "touchstone_cache_lookups_total", "Texts looked for in the cache of vectors.", labels: ["result"])

  // Passes: what was computed together.
  let passes = Counter("touchstone_passes_total", "Passes through a model.", labels: ["kind"])
  let passInputs = Histogram(
    "touchstone_pass_inputs", "Texts that went through a model together.", bounds: Histogram.countBounds)
  let passTokens = Histogram(
    "touchstone_pass_tokens", "Tokens that went through a model together.", bounds: Histogram.tokenBounds)
  let passRequests = Histogram(
    "touchstone_pass_requests", "Requests that had texts in a pass.", bounds: Histogram.countBounds)
  let passSeconds = Histogram(
    "touchstone_pass_seconds", "How long a pass took.", bounds: Histogram.secondsBounds)
  let stageSeconds = Counter(
    "touchstone_stage_seconds_total", "Where the time of the passes went.", labels: ["stage"])

  let modelLoadSeconds = Gauge(
    "touchstone_model_load_seconds", "How long a model took to load; one for each model that is loaded.",
    labels: ["model"])
  let tokenRate = RateMeter()
  let process = ProcessMetrics()

  package init() {}

  private var counters: [Counter] {
    [requests, rejected, inputs, tokens, truncatedTokens, cacheLookups, passes, stageSeconds]
  }

  private var histograms: [Histogram] {
    [
      requestSeconds, tokenizationSeconds, queueSeconds, inferenceSeconds, passInputs, passTokens,
      passRequests, passSeconds,
    ]
  }

  /// - Parameters:
  ///   - jobs: requests that wait for the engine or are in it, at this moment.
  ///   - queuedTokens: tokens that wait for a pass.
  ///   - requestMemory: bytes that requests and answers hold.
  ///   - droppedLogLines: lines that the log could not take.
  package func text(jobs: Int, queuedTokens: Int, requestMemory: Int, droppedLogLines: Int) -> String {
    var text = PrometheusText()
    let engine = EngineInformation.current
    text.begin("touchstone_build_info", .gauge, "The version and the kernels in use; always 1.")
    text.sample(
      "touchstone_build_info",
      [(name: "version", value: engine.version), (name: "kernels", value: engine.kernels ?? "none")], 1)
    text.single(
      "touchstone_jobs", .gauge, "Requests that wait for the engine or are in it.", Double(jobs))
    text.single(
      "touchstone_queued_tokens", .gauge, "Tokens that wait for a pass.", Double(queuedTokens))
    text.single(
      "touchstone_request_memory_bytes", .gauge, "Memory that requests and answers hold.",
      Double(requestMemory))
    for counter in counters { counter.write(to: &text) }
    for histogram in histograms { histogram.write(to: &text) }
    modelLoadSeconds.write(to: &text)
    text.single(
      "touchstone_dropped_log_lines_total", .counter, "Lines that the log could not take.",
      Double(droppedLogLines))
    process.write(to: &text)
    return text.text
  }
}

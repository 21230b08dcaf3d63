import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ServiceMetrics: ServiceObserver {
  package func record(_ event: ServiceEvent) {
    switch event {
    case .requestFinished(let report): count(report)
    case .passFinished(let report): count(report)
    case .cacheLookedUp(let hits, let misses):
      cacheLookups.add(Double(hits), "hit")
      cacheLookups.add(Double(misses), "miss")
    case .modelLoaded(let name, _, let seconds): modelLoadSeconds.set(seconds, name)
    }
  }

  private func count(_ report: RequestReport) {
    let route = report.route ?? "unknown"
    requests.add(
      1, route, report.route == nil ? "unknown" : report.dialect?.rawValue ?? "plain", String(report.status))
    requestSeconds.record(report.duration / .seconds(1), route)
    if let error = report.error { rejected.add(1, error.reason) }
    guard let work = report.work else { return }
    inputs.add(Double(work.inputs), work.model)
    tokens.add(Double(work.tokensUsed), work.model)
    truncatedTokens.add(Double(work.tokensGiven - work.tokensUsed), work.model)
    queueSeconds.record(work.timings.queue / .seconds(1))
    tokenizationSeconds.record(work.timings.tokenization / .seconds(1))
    inferenceSeconds.record(work.timings.inference / .seconds(1))
  }

  private func count(_ report: PassReport) {
    passes.add(1, report.wasGivenUp ? "given up" : report.wasInPause ? "in a pause" : "whole")
    passInputs.record(Double(report.sequences))
    passTokens.record(Double(report.tokens))
    passRequests.record(Double(report.jobs))
    passSeconds.record(report.duration / .seconds(1))
    for (stage, duration) in report.stages { stageSeconds.add(duration / .seconds(1), stage.rawValue) }
    if !report.wasGivenUp { tokenRate.add(Double(report.tokens), at: Self.second) }
  }

  /// A clock in whole seconds that never goes back.
  static var second: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}

import Logging

/// One line of the log for each request, and one for each model. Never a text, a key or a header.
package struct AccessLog: ServiceObserver {
  private let logger: Logger

  package init(_ logger: Logger) { self.logger = logger }

  package func record(_ event: ServiceEvent) {
    switch event {
    case .requestFinished(let report):
      logger.log(level: Self.level(of: report), "request", metadata: Self.metadata(of: report))
    case .modelLoaded(let name, let path, let seconds):
      logger.notice(
        "model loaded",
        metadata: [
          "model": "\(name)", "path": "\(path)", "milliseconds": Self.milliseconds(.seconds(seconds)),
        ])
    case .passFinished, .cacheLookedUp: break
    }
  }

  /// What machines ask again and again is for those who look closely; what is the service's own fault is an
  /// error.
  private static func level(of report: RequestReport) -> Logger.Level {
    if let error = report.error, case .engine = error { return .error }
    if report.error == nil, report.status >= 500 { return .error }
    let isRoutine =
      report.dialect == .plain && ["GET", "HEAD"].contains(report.method)
    return isRoutine && report.status < 400 ? .debug : .info
  }

  private static func metadata(of report: RequestReport) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "id": "\(report.id)", "client": "\(report.client)", "method": "\(report.method)",
      "route": "\(report.route ?? "unknown")", "status": .stringConvertible(report.status),
      "milliseconds": milliseconds(report.duration), "bytes_in": .stringConvertible(report.bytesIn),
      "bytes_out": .stringConvertible(report.bytesOut),
    ]
    if let error = report.error {
      metadata["reason"] = "\(error.reason)"
      // The other sentences may quote what the client wrote.
      if case .engine(let sentence) = error { metadata["error"] = "\(sentence)" }
    }
    if report.ignoredParameters > 0 {
      metadata["ignored_parameters"] = .stringConvertible(report.ignoredParameters)
    }
    if let work = report.work {
      metadata["model"] = "\(work.model)"
      metadata["inputs"] = .stringConvertible(work.inputs)
      metadata["tokens"] = .stringConvertible(work.tokensUsed)
      metadata["tokens_given"] = .stringConvertible(work.tokensGiven)
      metadata["tokenization_ms"] = milliseconds(work.timings.tokenization)
      metadata["queue_ms"] = milliseconds(work.timings.queue)
      metadata["inference_ms"] = milliseconds(work.timings.inference)
    }
    return metadata
  }

  /// With a tenth: a short query takes a few.
  private static func milliseconds(_ duration: Duration) -> Logger.MetadataValue {
    .stringConvertible((duration / .milliseconds(1) * 10).rounded() / 10)
  }
}

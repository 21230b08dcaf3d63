import JSON
import Profiling
import Touchstone
import Workbench

/// A profile as one JSON object. Times are in milliseconds, sizes in bytes, shares from 0 to 1.
package struct ProfileJSON {
  private let report: ProfileReport

  package init(_ report: ProfileReport) { self.report = report }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(
      json: .object([
        .init("subject", .string(report.subject.name)),
        .init("processor", report.subject.processor.map(JSONValue.string) ?? .null),
        .init("kernels", .string(report.recording.kernels)),
        .init("threads", .number(report.recording.workerCount)),
        .init("passes", passes),
        .init("tokensPerSecond", .number(report.tokensPerSecond)),
        .init("costOfRecording", report.costOfRecording.map { JSONValue.number($0) } ?? .null),
        .init("workers", workers),
        .init("stages", kernels),
        .init("layers", layers),
        .init("gaps", gaps),
        .init("roofs", roofs),
        .init("scaling", scaling),
        .init("counters", counters),
      ]))
    bytes.append("\n")
    return bytes
  }

  private func milliseconds(_ nanoseconds: Int64) -> JSONValue { .number(Double(nanoseconds) / 1e6) }

  private var passes: JSONValue {
    let index = RecordingIndex(report.recording)
    return .array(
      report.recording.passes.indices.map { number in
        let pass = report.recording.passes[number]
        let timeline = Timeline(index, pass: number)
        return .object([
          .init("tokens", .number(pass.tokens)), .init("sequences", .number(pass.sequences)),
          .init("activations", .string(pass.activations.rawValue)),
          .init("milliseconds", milliseconds(pass.nanoseconds)),
          .init(
            "timelineMilliseconds",
            .array(timeline.workers.indices.map { milliseconds(timeline.nanoseconds(ofWorker: $0)) })),
        ])
      })
  }

  private var workers: JSONValue {
    .array(
      report.workerShares.map { shares in
        .object([
          .init("worker", .number(shares.worker)), .init("jobs", .number(shares.jobs)),
          .init("work", milliseconds(shares.work)), .init("unpacking", milliseconds(shares.unpacking)),
          .init("waiting", milliseconds(shares.waiting)), .init("noJob", milliseconds(shares.noJob)),
          .init("between", milliseconds(shares.between)),
        ])
      })
  }

  private var kernels: JSONValue {
    let points = Dictionary(uniqueKeysWithValues: report.points.map { ($0.name, $0) })
    return .array(
      report.kernels.map { kernel in
        let point = points[kernel.name]
        func figure(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .object([
          .init("kernel", .string(kernel.name.rawValue)), .init("calls", .number(kernel.calls)),
          .init("milliseconds", .number(kernel.seconds * 1000)),
          .init("operationsPerSecond", figure(point?.operationsPerSecond)),
          .init("operationsPerByte", figure(point?.work.intensity)),
          .init("roof", figure(report.roofs.flatMap { roofs in point?.roof(roofs) })),
          .init("shareOfRoof", figure(report.roofs.flatMap { roofs in point?.shareOfRoof(roofs) })),
        ])
      })
  }

  private var layers: JSONValue {
    .array(
      report.layers.map { row in
        .object([
          .init("layer", row.layer.map { .number($0) } ?? .null),
          .init(
            "milliseconds",
            .object(
              KernelName.allCases.compactMap { name in
                row.nanoseconds[name].map { .init(name.rawValue, .number($0 / 1e6)) }
              })),
        ])
      })
  }

  private var gaps: JSONValue {
    .array(
      report.gaps.map { gap in
        .object([
          .init("cause", .string(gap.cause.rawValue)),
          .init("kernel", gap.kernel.map { .string($0.rawValue) } ?? .null),
          .init("milliseconds", .number(gap.nanoseconds / 1e6)), .init("share", .number(gap.share)),
          .init("layer", gap.layer.map { .number($0) } ?? .null),
          .init("worker", gap.worker.map { .number($0) } ?? .null),
        ])
      })
  }

  private var roofs: JSONValue {
    guard let roofs = report.roofs else { return .null }
    func peaks(_ peaks: MachinePeaks, _ kernels: String) -> JSONValue {
      .object([
        .init("kernels", .string(kernels)),
        .init("floatOperationsPerSecond", .number(peaks.floatOperations)),
        .init("dotOperationsPerSecond", .number(peaks.dotOperations)),
        .init("tileOperationsPerSecond", peaks.tileOperations.map { .number($0) } ?? .null),
      ])
    }
    return .object([
      .init("inUse", peaks(roofs.peaks, roofs.kernels)),
      .init("fastest", peaks(roofs.fastest, roofs.fastestKernels)),
      .init(
        "memory",
        .array(
          roofs.bandwidths.map {
            .object([
              .init("bytes", .number($0.bytes)), .init("bytesPerSecond", .number($0.bytesPerSecond)),
            ])
          })),
    ])
  }

  private var scaling: JSONValue {
    guard let scaling = report.scaling else { return .null }
    func samples(_ name: String, _ samples: [Scaling.Sample]) -> JSONValue {
      .array(
        samples.map {
          .object([
            .init(name, .number($0.count)), .init("milliseconds", .number($0.seconds * 1000)),
            .init("tokensPerSecond", .number($0.tokensPerSecond)),
          ])
        })
    }
    return .object([
      .init("threads", samples("threads", scaling.threads)),
      .init("tokens", samples("tokens", scaling.tokens)),
      .init("wakeUpMicroseconds", .number(scaling.wakeUpSeconds * 1e6)),
      .init(
        "replayed",
        .array(
          scaling.cores.map {
            .object([
              .init("cores", .number($0.cores)), .init("milliseconds", .number($0.seconds * 1000)),
              .init("measuredMilliseconds", $0.measuredSeconds.map { .number($0 * 1000) } ?? .null),
              .init("tokensPerSecond", .number($0.tokensPerSecond)),
            ])
          })),
    ])
  }

  private var counters: JSONValue {
    guard let counters = report.counters else { return .null }
    let counts = counters.counts
    return .object(
      [.init("passes", .number(counters.passes))]
        + HardwareCounters.Kind.allCases.map { kind in
          .init(kind.rawValue, counts.values[kind].map { .number($0) } ?? .null)
        } + [
          .init("reason", counts.reason.map(JSONValue.string) ?? .null),
          .init("processorMilliseconds", .number(counts.processorSeconds * 1000)),
          .init("involuntarySwitches", .number(counts.involuntarySwitches)),
          .init("voluntarySwitches", .number(counts.voluntarySwitches)),
          .init("pageFaults", .number(counts.pageFaults)),
        ])
  }
}

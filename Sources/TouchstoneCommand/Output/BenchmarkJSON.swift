import JSON
import Touchstone
import Workbench

/// A benchmark's report as one JSON object. Times are in milliseconds, sizes in bytes, shares from 0 to 1.
package struct BenchmarkJSON {
  private let report: BenchmarkReport

  package init(_ report: BenchmarkReport) { self.report = report }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(
      json: .object([
        .init("tokensPerSecond", tokensPerSecond),
        .init("milliseconds", milliseconds),
        .init("stages", stages),
        .init("shareOfPeak", sharesOfPeak),
        .init("peaks", peaks),
        .init("startUp", startUp),
        .init("tokenizer", .object([.init("bytesPerSecond", .number(report.tokenizerBytesPerSecond))])),
        .init("memory", memory),
        .init("work", work),
        .init("model", model),
        .init("machine", machine),
      ]))
    bytes.append("\n")
    return bytes
  }

  private var tokensPerSecond: JSONValue {
    let (best, median) = report.tokensPerSecond
    return .object([.init("best", .number(best)), .init("median", .number(median))])
  }

  private var milliseconds: JSONValue {
    .object([
      .init("best", .number(report.batch.best * 1000)), .init("median", .number(report.batch.median * 1000)),
      .init("all", .array(report.batch.seconds.map { .number($0 * 1000) })),
    ])
  }

  private var stages: JSONValue {
    .object(
      report.profile.entries.map { entry in
        .init(
          entry.stage.rawValue,
          .object([
            .init("milliseconds", .number(entry.seconds * 1000)),
            .init("share", .number(entry.seconds / report.profile.seconds)),
          ]))
      })
  }

  private var sharesOfPeak: JSONValue {
    guard let peaks = report.peaks else { return .null }
    func share(_ stage: BenchmarkStage) -> JSONValue {
      report.profile.shareOfPeak(stage, peaks).map { JSONValue.number($0) } ?? .null
    }
    return .object([
      .init("multiply", share(.multiply)), .init("attention", share(.attention)),
      .init("memory", .number(report.profile.shareOfMemory(peaks))),
    ])
  }

  private var peaks: JSONValue {
    guard let peaks = report.peaks else { return .null }
    return .object([
      .init("floatOperationsPerSecond", .number(peaks.floatOperations)),
      .init("dotOperationsPerSecond", .number(peaks.dotOperations)),
      .init("tileOperationsPerSecond", peaks.tileOperations.map { .number($0) } ?? .null),
      .init("memoryBytesPerSecond", .number(peaks.memoryBytes)),
    ])
  }

  private var startUp: JSONValue {
    .object([
      .init("loadMilliseconds", .number(report.startUp.loadSeconds * 1000)),
      .init("firstVectorMilliseconds", .number(report.startUp.firstVectorSeconds * 1000)),
    ])
  }

  private var memory: JSONValue {
    guard let memory = report.memory else { return .null }
    return .object([
      .init("peakBytes", .number(memory.peakBytes)), .init("ownBytes", .number(memory.ownBytes)),
    ])
  }

  private var work: JSONValue {
    let options = report.options
    return .object([
      .init("tokens", .number(options.tokenCount)),
      .init("sequences", .number(options.sequenceCount)),
      .init("repetitions", .number(options.repetitions)),
      .init("warmup", .number(options.warmUps)),
      .init("threads", options.threadCount.map { JSONValue.number($0) } ?? .null),
      .init("activations", .string(options.activations.rawValue)),
      .init("batchTokens", .number(options.batchTokens)),
    ])
  }

  private var model: JSONValue {
    let model = report.model
    return .object([
      .init("path", .string(model.path)), .init("name", model.name.map(JSONValue.string) ?? .null),
      .init("byteCount", .number(model.byteCount)), .init("parameterCount", .number(model.parameterCount)),
      .init("mainFormat", .string(model.mainFormat)), .init("layers", .number(model.layerCount)),
      .init("preciseLayers", .number(model.preciseLayerCount)),
    ])
  }

  private var machine: JSONValue {
    let machine = report.machine
    return .object([
      .init("processor", machine.processor.map(JSONValue.string) ?? .null),
      .init("processorCount", .number(machine.processorCount)), .init("kernels", .string(machine.kernels)),
      .init("version", .string(machine.version)),
    ])
  }
}

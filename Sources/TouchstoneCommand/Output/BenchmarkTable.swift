import Touchstone
import Workbench

/// A benchmark's report for people: each figure with its unit and what it means.
package struct BenchmarkTable {
  private let report: BenchmarkReport

  package init(_ report: BenchmarkReport) { self.report = report }

  package var text: String {
    setting + "\n" + speed + "\n" + stages + "\n" + machine + "\n" + startUp
  }

  private var setting: String {
    let options = report.options
    let model = report.model
    let threads = options.threadCount.map { $0 == 1 ? "1 thread" : "\($0) threads" } ?? ""
    let sequences = options.sequenceCount == 1 ? "1 sequence" : "\(options.sequenceCount) sequences"
    return """
      \(DisplayText.oneLine(model.path))
      \(Decimal.grouped(model.parameterCount)) parameters, mostly \(model.mainFormat); \(sequences) of \
      \(Decimal.grouped(options.tokenCount)) tokens; activations \(options.activations.rawValue)
      \(preciseLayers)\(report.machine.processor ?? "unknown processor"), \(threads) of \(report.machine.processorCount); \
      kernels \(report.machine.kernels)

      """
  }

  private var preciseLayers: String {
    let (model, activations) = (report.model, report.options.activations)
    guard model.preciseLayerCount > 0 else { return "" }
    return "the first \(model.preciseLayerCount) of \(model.layerCount) layers with "
      + "\(activations.higher.rawValue): this model has massive activations\n"
  }

  private var speed: String {
    let rate = report.tokensPerSecond
    let runs = report.batch.seconds.count == 1 ? "one run" : "\(report.batch.seconds.count) runs"
    return "  speed                   best    median\n"
      + row("tokens a second", rate.best, rate.median, "from token ids to vectors, \(runs)")
      + row("milliseconds", report.batch.best * 1000, report.batch.median * 1000, "a batch")
  }

  private func row(_ label: String, _ best: Double, _ median: Double, _ meaning: String) -> String {
    "  " + DisplayText.padded(label, to: 18) + Self.figure(best, width: 10) + Self.figure(median, width: 10)
      + "  \(meaning)\n"
  }

  /// Four digits or so.
  private static func figure(_ value: Double, width: Int) -> String {
    Decimal.text(value, digits: value < 10 ? 2 : value < 1000 ? 1 : 0, width: width)
  }

  private var stages: String {
    let profile = report.profile
    var text = "  stage          milliseconds     share   of peak\n"
    for entry in profile.entries {
      text += "  " + DisplayText.padded(Self.label(entry.stage), to: 16)
      text += Decimal.text(entry.seconds * 1000, digits: 2, width: 11)
      text += Decimal.text(100 * entry.seconds / profile.seconds, digits: 1, width: 8) + " %"
      let share = report.peaks.flatMap { profile.shareOfPeak(entry.stage, $0) }
      text += share.map { Decimal.text(100 * $0, digits: 0, width: 8) + " %" } ?? Self.blank(10)
      text += "  \(Self.meaning(entry.stage))\n"
    }
    return text
  }

  private static func blank(_ width: Int) -> String { String(repeating: " ", count: width) }

  private static func label(_ stage: BenchmarkStage) -> String {
    switch stage {
    case .lookUp: "look-up"
    default: stage.rawValue
    }
  }

  private static func meaning(_ stage: BenchmarkStage) -> String {
    switch stage {
    case .tokenize: "a text of about as many tokens; not in the speed above"
    case .lookUp: "rows of the embedding table"
    case .quantize: "activations to integers"
    case .unpack: "weights from their block format"
    case .multiply: "activations by weights"
    case .attention: "scores, softmax, values"
    case .norms: "RMSNorm of states and heads"
    case .elementwise: "rotation, SwiGLU, residuals"
    case .pooling: "states to vectors"
    case .rest: "planning, memory, waiting"
    }
  }

  private var machine: String {
    guard let peaks = report.peaks else { return "" }
    let share = report.profile.shareOfMemory(peaks)
    func row(_ label: String, _ value: Double, _ unit: String, _ meaning: String) -> String {
      "  " + DisplayText.padded(label, to: 18) + Decimal.text(value / 1e9, digits: 1, width: 10)
        + " \(unit)  \(meaning)\n"
    }
    return "  peak of this machine, measured now with as many threads\n"
      + row("float32", peaks.floatOperations, "GFLOP/s", "fused multiply-adds")
      + row("bytes", peaks.dotOperations, "GOP/s  ", "integer dot products; i16 needs two for one product")
      + (peaks.tileOperations.map {
        row("bytes in tiles", $0, "GOP/s  ", "matrix registers (AMX), full tiles")
      } ?? "")
      + row(
        "memory", peaks.memoryBytes, "GB/s   ",
        "read; weights were read at \(Decimal.text(100 * share, digits: 0)) % of it")
  }

  private var startUp: String {
    func row(_ label: String, _ value: Double, _ unit: String, _ meaning: String) -> String {
      "  " + DisplayText.padded(label, to: 18) + Self.figure(value, width: 10) + " \(unit)  \(meaning)\n"
    }
    var text = "  more\n"
    text += row("load", report.startUp.loadSeconds * 1000, "ms     ", "open the file, build the tokenizer")
    text += row(
      "first vector", report.startUp.firstVectorSeconds * 1000, "ms     ", "of a short text, after that")
    text += row("tokenizer", report.tokenizerBytesPerSecond / 1e6, "MB/s   ", "mixed text, one thread")
    if let memory = report.memory {
      text += row(
        "memory", Double(memory.peakBytes) / 1e6, "MB     ", "resident at most, the mapped file included")
      text += row("own memory", Double(memory.ownBytes) / 1e6, "MB     ", "of that, not pages of files")
    }
    return text
  }
}

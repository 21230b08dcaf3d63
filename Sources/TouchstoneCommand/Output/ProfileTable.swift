import Profiling
import Touchstone

/// A profile for people, 80 columns wide.
package struct ProfileTable {
  private let report: ProfileReport

  package init(_ report: ProfileReport) { self.report = report }

  package var text: String {
    let parts = [setting, workers, kernels, gaps, roofs, scaling, counters]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var setting: String {
    let (subject, recording) = (report.subject, report.recording)
    var text = DisplayText.oneLine(subject.name) + "\n"
    var facts: [String] = []
    if let count = subject.parameterCount { facts.append("\(Decimal.grouped(count)) parameters") }
    if let weights = subject.weights { facts.append("mostly \(weights)") }
    if let pass = recording.passes.first { facts.append("activations \(pass.activations.rawValue)") }
    text += facts.joined(separator: ", ") + "\n"
    text += subject.processor.map { $0 + "\n" } ?? ""
    let threads = recording.workerCount == 1 ? "1 thread" : "\(recording.workerCount) threads"
    text +=
      "\(threads)" + (subject.processorCount.map { " of \($0)" } ?? "") + "; kernels \(recording.kernels)\n\n"
    guard !report.seconds.isEmpty else { return text + "  no pass was recorded\n" }
    let count = report.seconds.count
    text +=
      "  \(count == 1 ? "1 pass" : "\(count) passes") of \(Self.range(recording.passes.map(\.tokens))) tokens, "
    text +=
      "\(Self.milliseconds(report.seconds.min() ?? 0)) to \(Self.milliseconds(report.seconds.max() ?? 0)) ms, "
    text += "\(Decimal.grouped(Int(report.tokensPerSecond.rounded()))) tokens a second\n"
    if let cost = report.costOfRecording {
      text +=
        "  recording costs \(Decimal.text(100 * cost, digits: 1)) %, the fastest passes with and without it compared\n"
    }
    return text
  }

  private static func range(_ values: [Int]) -> String {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    return least == most ? "\(least)" : "\(least) to \(most)"
  }

  private static func milliseconds(_ seconds: Double) -> String {
    Decimal.text(seconds * 1000, digits: seconds < 0.01 ? 3 : seconds < 1 ? 1 : 0)
  }

  private static func percent(_ share: Double, width: Int = 8) -> String {
    Decimal.text(100 * share, digits: 1, width: width) + " %"
  }

  private var workers: String {
    guard !report.seconds.isEmpty else { return "" }
    var text = "  worker       jobs      works  of it unpacks      waits     no job    between\n"
    for shares in report.workerShares.prefix(64) {
      let sum = Double(max(1, shares.sum))
      text += "  " + DisplayText.padded("\(shares.worker)", to: 6)
      text += DisplayText.rightAligned("\(shares.jobs)", to: 11)
      text += Self.percent(Double(shares.work) / sum, width: 9)
      text += Self.percent(Double(shares.unpacking) / sum, width: 14)
      text += Self.percent(Double(shares.waiting) / sum, width: 9)
      text += Self.percent(Double(shares.noJob) / sum, width: 9)
      text += Self.percent(Double(shares.between) / sum, width: 9) + "\n"
    }
    return text
  }

  private var kernels: String {
    guard !report.seconds.isEmpty else { return "" }
    let pass = report.seconds.reduce(0, +) / Double(report.seconds.count)
    let points = Dictionary(uniqueKeysWithValues: report.points.map { ($0.name, $0) })
    var text = "  kernel              calls     ms    share  operations  per byte   of roof\n"
    for kernel in report.kernels {
      text += "  " + DisplayText.padded(kernel.name.rawValue, to: 18)
      text += DisplayText.rightAligned("\(kernel.calls)", to: 7)
      text += Decimal.text(kernel.seconds * 1000, digits: kernel.seconds < 0.1 ? 2 : 1, width: 8)
      text += Self.percent(kernel.seconds / pass, width: 6)
      if let point = points[kernel.name] {
        text += Decimal.text(point.operationsPerSecond / 1e9, digits: 1, width: 8) + " G/s"
        text += Decimal.text(point.work.intensity, digits: 1, width: 9)
        if let roofs = report.roofs {
          text += Self.percent(point.shareOfRoof(roofs), width: 7)
          text += point.isUnderMemory(roofs) ? " m" : ""
        }
      }
      text += "\n"
    }
    if report.points.contains(where: { point in report.roofs.map(point.isUnderMemory) ?? false }) {
      text += "  m: the roof is the bandwidth of memory or cache\n"
    }
    if !report.pointsAboveTheirRoofs.isEmpty { text += Self.wrapped(ProfileReport.busyWhilePeaks) }
    return text
  }

  private var gaps: String {
    guard !report.gaps.isEmpty else { return "" }
    var text = "  the worst gaps, as shares of the time of all workers; where most of it was\n"
    for (index, gap) in report.gaps.enumerated() {
      text += DisplayText.rightAligned("\(index + 1)", to: 4)
      text += Self.percent(gap.share, width: 6) + "  "
      text += DisplayText.padded(gap.cause.rawValue, to: 24)
      let place = Self.place(gap)
      let kernel = gap.kernel?.rawValue ?? ""
      text += (place.isEmpty ? kernel : DisplayText.padded(kernel, to: 20) + place) + "\n"
    }
    return text
  }

  private static func place(_ gap: Gap) -> String {
    var parts: [String] = []
    if gap.cause == .waiting, let worker = gap.worker { parts.append("worker \(worker)") }
    if let layer = gap.layer { parts.append("layer \(layer)") }
    return parts.joined(separator: ", ")
  }

  private var roofs: String {
    guard let roofs = report.roofs else { return "" }
    func row(_ label: String, _ value: Double, _ unit: String, _ meaning: String) -> String {
      "  " + DisplayText.padded(label, to: 18) + Decimal.text(value / 1e9, digits: 1, width: 10)
        + " \(unit)  \(meaning)\n"
    }
    var text = "  roofs of this machine, measured now with as many threads, kernels \(roofs.kernels)\n"
    text += row("float32", roofs.peaks.floatOperations, "GFLOP/s", "fused multiply-adds")
    text += row("bytes", roofs.peaks.dotOperations, "GOP/s  ", "integer dot products")
    if let tiles = roofs.peaks.tileOperations {
      text += row("bytes in tiles", tiles, "GOP/s  ", "matrix registers")
    }
    if roofs.kernels != roofs.fastestKernels {
      let best = max(roofs.fastest.tileOperations ?? 0, roofs.fastest.dotOperations)
      text += row("bytes, faster", best, "GOP/s  ", "\(roofs.fastestKernels), which this processor runs")
    }
    for bandwidth in roofs.bandwidths {
      text += row(
        "memory", bandwidth.bytesPerSecond, "GB/s   ", "reading \(Self.size(bandwidth.bytes)) again and again"
      )
    }
    return text
  }

  private static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
  }

  private var scaling: String {
    guard let scaling = report.scaling else { return "" }
    func rows(_ samples: [Scaling.Sample]) -> String {
      samples.map { sample in
        "  " + DisplayText.rightAligned("\(sample.count)", to: 9)
          + DisplayText.rightAligned(Self.milliseconds(sample.seconds), to: 14)
          + DisplayText.rightAligned(Decimal.grouped(Int(sample.tokensPerSecond.rounded())), to: 19)
          + "\n"
      }.joined()
    }
    return "    threads  milliseconds    tokens a second\n" + rows(scaling.threads)
      + "     tokens  milliseconds    tokens a second\n" + rows(scaling.tokens) + replayed(scaling)
  }

  private func replayed(_ scaling: Scaling) -> String {
    guard let one = scaling.cores.first(where: { $0.cores == 1 }) else { return "" }
    return "      cores      replayed           measured  times one core\n"
      + scaling.cores.map { row in
        "  " + DisplayText.rightAligned("\(row.cores)", to: 9)
          + DisplayText.rightAligned(Self.milliseconds(row.seconds), to: 14)
          + DisplayText.rightAligned(row.measuredSeconds.map { Self.milliseconds($0) } ?? "", to: 19)
          + DisplayText.rightAligned(Decimal.text(one.seconds / row.seconds, digits: 1), to: 16) + "\n"
      }.joined()
      + "  The jobs of one thread, handed out again: a called worker comes after "
      + "\(Decimal.text(scaling.wakeUpSeconds * 1e6, digits: 1)) µs;\n"
      + "  memory and caches, which many cores share, are left out.\n"
  }

  private var counters: String {
    guard let counters = report.counters else { return "" }
    let counts = counters.counts
    func row(_ label: String, _ value: String, _ meaning: String) -> String {
      "  " + DisplayText.padded(label, to: 18) + DisplayText.rightAligned(value, to: 18)
        + (meaning.isEmpty ? "" : "  \(meaning)") + "\n"
    }
    var text = "  counted over \(counters.passes) passes, with and without recording\n"
    func add(_ kind: HardwareCounters.Kind, _ label: String, _ meaning: String) {
      guard let value = counts.values[kind] else { return }
      text += row(label, Decimal.grouped(Int(value)), meaning)
    }
    add(.cycles, "cycles", "of the processor")
    add(.instructions, "instructions", "")
    if let cycles = counts.values[.cycles], let instructions = counts.values[.instructions], cycles > 0 {
      text += row("a cycle", Decimal.text(instructions / cycles, digits: 2), "instructions")
    }
    add(.cacheReferences, "cache references", "of the last level")
    add(.cacheMisses, "cache misses", "of the last level")
    add(.branchMisses, "branch misses", "")
    if let frequency = counts.frequency {
      text += row(
        "frequency", Decimal.text(frequency / 1e9, digits: 2), "GHz, cycles a second of processor time")
    }
    text += row("processor time", Self.milliseconds(counts.processorSeconds), "ms of all threads")
    text += row("switches", Decimal.grouped(counts.involuntarySwitches), "another program took the processor")
    text += row("waits", Decimal.grouped(counts.voluntarySwitches), "a thread went to sleep")
    text += row("page faults", Decimal.grouped(counts.pageFaults), "pages touched for the first time")
    if let reason = counts.reason {
      text += Self.wrapped(
        (counts.values.isEmpty ? "No hardware counters: " : "Not all hardware counters: ") + reason + ".")
    }
    return text
  }

  /// Indented lines of at most 78 columns.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count > 74 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map { "  \($0)\n" }.joined()
  }
}

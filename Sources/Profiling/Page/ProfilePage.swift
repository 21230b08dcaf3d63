import ForeignText
import Kernels
import Touchstone

/// A profile as one page that needs nothing else: no script, no font, no picture from anywhere.
package struct ProfilePage {
  private let report: ProfileReport
  private let typical: Recording?

  package init(_ report: ProfileReport) {
    self.report = report
    typical = report.recording.typicalPass.map(report.recording.only)
  }

  package var html: String {
    let title = "touchstone profile: \(Markup.escaped(report.subject.name))"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <header>
      <p class="subject">\(title)</p>
      <h1>\(headline)</h1>
      <p>\(facts)</p>
      </header>
      <main>
      \(timeline)\(gaps)\(roofline)\(layers)\(scaling)\(counters)</main>
      </body>
      </html>

      """
  }

  private var headline: String {
    guard let pass = typical?.passes.first else { return "No pass was recorded" }
    return
      "\(pass.tokens) tokens in \(PageFigures.time(Double(pass.nanoseconds))), "
      + "\(PageFigures.grouped(Int(report.tokensPerSecond.rounded()))) tokens a second"
  }

  private var facts: String {
    let (subject, recording) = (report.subject, report.recording)
    var facts = [
      subject.processor,
      "\(recording.workerCount) \(recording.workerCount == 1 ? "thread" : "threads")"
        + (subject.processorCount.map { " of \($0)" } ?? ""),
      "kernels \(recording.kernels)",
      recording.passes.first.map { "activations \($0.activations.rawValue)" },
      subject.weights.map { "weights mostly \($0)" },
      "\(recording.passes.count) \(recording.passes.count == 1 ? "pass" : "passes") recorded",
    ].compactMap { $0 }
    if let cost = report.costOfRecording {
      facts.append("recording costs \(PageFigures.percent(cost)), the fastest passes compared")
    }
    return Markup.escaped(facts.joined(separator: "; ")) + "."
  }

  private func section(_ title: String, _ content: String, note: String = "") -> String {
    guard !content.isEmpty else { return "" }
    return "<section>\n<h2>\(title)</h2>\n" + (note.isEmpty ? "" : "<p>\(note)</p>\n") + content
      + "</section>\n"
  }

  private func table(_ heads: [String], _ rows: [[String]], figuresFrom first: Int = 1) -> String {
    func cell(_ index: Int, _ text: String, _ tag: String) -> String {
      "<\(tag)\(index >= first ? " class=\"figure\"" : "")>\(Markup.escaped(text))</\(tag)>"
    }
    let head = heads.enumerated().map { cell($0.offset, $0.element, "th") }.joined()
    let body = rows.map { row in
      "<tr>" + row.enumerated().map { cell($0.offset, $0.element, "td") }.joined() + "</tr>\n"
    }.joined()
    return
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table\"><table><thead><tr>\(head)</tr></thead>"
      + "<tbody>\n\(body)</tbody></table></div>\n"
  }

  private func folded(_ title: String, _ content: String) -> String {
    "<details><summary>\(title)</summary>\n\(content)</details>\n"
  }

  // MARK: Sections

  private var timeline: String {
    guard let typical, !typical.stages.isEmpty else { return "" }
    let timeline = Timeline(typical, pass: 0)
    let picture = TimelinePicture(typical, timeline)
    let layerCount = (typical.stages.compactMap(\.layer).max() ?? -1) + 1
    let workers = table(
      ["worker", "jobs", "works", "of it unpacks", "waits", "no job", "between stages"],
      report.workerShares.map { shares in
        let sum = Double(max(1, shares.sum))
        return ["\(shares.worker)", "\(shares.jobs)"]
          + [shares.work, shares.unpacking, shares.waiting, shares.noJob, shares.between].map {
            PageFigures.percent(Double($0) / sum)
          }
      })
    return section(
      "Timeline",
      PageColor.legend(PageColor.allCases) + picture.whole
        + (layerCount > 0 ? picture.detail(layer: layerCount / 2) ?? "" : "") + workers,
      note:
        "The pass of median duration. In the whole pass, a column has the color of whatever took the most of its "
        + "time; below it, one layer job by job.")
  }

  private var gaps: String {
    guard !report.gaps.isEmpty else { return "" }
    let rows = report.gaps.enumerated().map { index, gap in
      [
        "\(index + 1)", gap.cause.rawValue, gap.kernel?.rawValue ?? "–",
        [
          gap.cause == .waiting ? gap.worker.map { "for worker \($0)" } : nil,
          gap.layer.map { "most in layer \($0)" },
        ].compactMap { $0 }.joined(separator: ", "),
        PageFigures.time(gap.nanoseconds), PageFigures.percent(gap.share),
      ]
    }
    return section(
      "The ten worst gaps",
      table(["", "cause", "kernel", "place", "worker time", "share"], rows, figuresFrom: 4),
      note:
        "Time of workers beyond what the roofs ask for, over all recorded passes; the share is of the time of all "
        + "workers.")
  }

  private var roofline: String {
    guard let roofs = report.roofs, !report.points.isEmpty else { return "" }
    let rows = report.points.enumerated().map { index, point in
      [
        "\(index + 1)", point.name.rawValue, point.work.unit.rawValue,
        PageFigures.short(point.operationsPerSecond / 1e9), PageFigures.short(point.work.intensity),
        PageFigures.short(point.roof(roofs) / 1e9), PageFigures.percent(point.shareOfRoof(roofs)),
        point.isUnderMemory(roofs) ? "memory" : "arithmetic",
      ]
    }
    let colors = PageColor.legend(PageColor.ofKernels.filter { $0 != .other })
    return section(
      "Roofline",
      colors + RooflinePicture(report.points, roofs).html
        + table(
          [
            "", "kernel", "unit", "10⁹ operations/s", "operations a byte", "roof, 10⁹/s", "of its roof",
            "roof is",
          ],
          rows, figuresFrom: 3),
      note:
        "Roofs were measured on this machine, now, with as many threads. Lines that rise are reading from working "
        + "sets of those sizes. A point is a kernel with the wall time of its stages, waits included."
        + (report.pointsAboveTheirRoofs.isEmpty ? "" : " " + ProfileReport.busyWhilePeaks))
  }

  private var layers: String {
    guard !report.seconds.isEmpty else { return "" }
    let names = KernelName.allCases.filter { name in
      report.layers.contains { $0.nanoseconds[name] != nil }
    }
    let rows = report.layers.map { row in
      [row.layer.map { "\($0)" } ?? "–"]
        + names.map { name in row.nanoseconds[name].map { PageFigures.short($0 / 1e6) } ?? "" }
    }
    return section(
      "Stages by layer",
      PageColor.legend(PageColor.ofKernels) + LayerPicture(report.layers).html
        + folded(
          "As a table, in milliseconds a pass", table(["layer"] + names.map(\.rawValue), rows)))
  }

  private var scaling: String {
    guard let scaling = report.scaling else { return "" }
    return section(
      "Scaling",
      ScalingPicture(
        id: "threads", title: "Tokens a second by threads", unit: "threads", samples: scaling.threads
      ).html
        + ScalingPicture(
          id: "tokens", title: "Tokens a second by tokens of a pass", unit: "tokens", samples: scaling.tokens
        ).html
        + ScalingPicture(
          id: "cores", title: "Tokens a second by cores, replayed", unit: "cores",
          samples: scaling.cores.map {
            Scaling.Sample(count: $0.cores, tokens: $0.tokens, seconds: $0.seconds)
          }
        ).html,
      note: "Threads and tokens: the best of three passes each. Cores: the jobs of one thread, handed out "
        + "again; memory, which many cores share, is left out.")
  }

  private var counters: String {
    guard let counters = report.counters else { return "" }
    let counts = counters.counts
    var rows: [[String]] = HardwareCounters.Kind.allCases.compactMap { kind in
      counts.values[kind].map { [kind.title, PageFigures.text($0, digits: 0)] }
    }
    if let frequency = counts.frequency {
      rows.append(["frequency", PageFigures.text(frequency / 1e9, digits: 2) + " GHz"])
    }
    rows += [
      ["processor time", PageFigures.time(counts.processorSeconds * 1e9)],
      ["switches: another program took the processor", "\(counts.involuntarySwitches)"],
      ["waits: a thread went to sleep", "\(counts.voluntarySwitches)"],
      ["page faults", "\(counts.pageFaults)"],
    ]
    let reason = counts.reason.map {
      (counts.values.isEmpty ? "No hardware counters: " : "Not all hardware counters: ") + $0 + "."
    }
    return section(
      "Counters",
      (reason.map { "<p>\(Markup.escaped($0))</p>\n" } ?? "") + table(["", "count"], rows),
      note: "Over \(counters.passes) passes, with and without recording.")
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --line: #c9c9d1; --multiply: #2f6fb5; \
    --unpack: #0f8a83; --attention: #b9580b; --rows: #7a4fb0; --quantize: #8a7a00; --other: #5d6470; --wait: #c43a31; \
    --between: #d5d7de; --number: #ffffff; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --paper: #17181c; --line: #44464f; --multiply: #6aa8ea; \
    --unpack: #4fc9c0; --attention: #f0a05a; --rows: #b896ec; --quantize: #d6c64a; --other: #9aa1ae; --wait: #ff7d73; \
    --between: #3a3c45; --number: #17181c; } }
    body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 66rem; \
    margin: 2rem auto; padding: 0 1rem; }
    .subject { margin: 0; overflow-wrap: anywhere; } h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem; }
    h2 { font-size: 1.2rem; margin-top: 2rem; } summary { cursor: pointer; font-weight: 600; }
    .wide { overflow-x: auto; } .wide:focus-visible, summary:focus-visible { outline: 2px solid var(--multiply); }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; margin-top: .6rem; }
    th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
    .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; font-size: .9rem; }
    .swatch { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -2px; }
    svg { width: 100%; min-width: 40rem; height: auto; } svg text { fill: var(--ink); } .label { font-size: 13px; }
    svg .tick { font-size: 12px; } .grid { stroke: var(--line); stroke-dasharray: 2 3; } .axis { stroke: var(--ink); }
    .roof { stroke: var(--ink); stroke-width: 1.5; } .roof.memory { stroke: var(--unpack); }
    .point { stroke: var(--paper); } svg .number { font-size: 11px; font-weight: 700; fill: var(--number); }
    .multiply { fill: var(--multiply); background: var(--multiply); } .unpack { fill: var(--unpack); background: var(--unpack); }
    .attention { fill: var(--attention); background: var(--attention); } .rows { fill: var(--rows); background: var(--rows); }
    .quantize { fill: var(--quantize); background: var(--quantize); } .other { fill: var(--other); background: var(--other); }
    .wait { fill: var(--wait); background: var(--wait); } .between { fill: var(--between); background: var(--between); }
    """
}

extension HardwareCounters.Kind {
  fileprivate var title: String {
    switch self {
    case .cycles: "cycles"
    case .instructions: "instructions"
    case .cacheReferences: "references to the last cache"
    case .cacheMisses: "misses of the last cache"
    case .branchMisses: "mispredicted branches"
    }
  }
}

import Kernels
import Touchstone

/// A part of a pass as bars, one line a worker.
struct TimelinePicture {
  private let recording: Recording
  private let timeline: Timeline
  private let names: [KernelName]
  private static let width = 1000.0
  private static let left = 84.0
  private static let rowHeight = 26.0

  init(_ recording: Recording, _ timeline: Timeline) {
    self.recording = recording
    self.timeline = timeline
    names = recording.kernelNames
  }

  /// The whole pass: in each column of the picture, whatever took the most of its time.
  var whole: String {
    let (start, end) = (timeline.pass.start, timeline.pass.end)
    var picture = frame(
      id: "pass", title: "Timeline of the pass", start, end,
      description: "One line a worker over \(PageFigures.time(Double(end - start))). " + shares)
    for worker in rows { addColumns(worker, start, end, to: &picture) }
    addLayers(start, end, to: &picture)
    return picture.html
  }

  /// One layer, with every job.
  func detail(layer: Int) -> String? {
    let stages = recording.stages.filter { $0.layer == layer }
    guard let start = stages.map(\.start).min(), let end = stages.map(\.end).max(), end > start else {
      return nil
    }
    let jobs = timeline.workers.map { $0.count { $0.kind == .work && $0.start < end && $0.end > start } }
    var picture = frame(
      id: "layer", title: "Every job of layer \(layer)", start, end,
      description: "One line a worker over \(PageFigures.time(Double(end - start))); jobs: "
        + jobs.enumerated().prefix(8).map { "worker \($0.offset) \($0.element)" }.joined(separator: ", ")
        + ".")
    for worker in rows { addJobs(worker, start, end, to: &picture) }
    for (index, stage) in recording.stages.enumerated() where stage.layer == layer {
      let x = place(stage.start, start, end)
      picture.line((x, 18), (x, 24), "axis")
      let width = place(stage.end, start, end) - x
      if width > 7 * Double(names[index].rawValue.count) { picture.text(names[index].rawValue, x + 2, 15) }
    }
    return picture.html
  }

  /// The first workers: a picture of a hundred lines shows nothing more.
  private var rows: Range<Int> { 0..<min(32, timeline.workers.count) }

  private var shares: String {
    rows.prefix(8).map { worker in
      let whole = Double(max(1, timeline.nanoseconds(ofWorker: worker)))
      let work = Double(timeline.nanoseconds(ofWorker: worker, [.work])) / whole
      return "Worker \(worker) works \(PageFigures.percent(work)) of it."
    }.joined(separator: " ")
  }

  private func frame(
    id: String, title: String, _ start: Int64, _ end: Int64, description: String
  ) -> Picture {
    let bottom = 26 + Self.rowHeight * Double(rows.count)
    var picture = Picture(
      id: id, title: title, description: description, width: Self.width, height: bottom + 24)
    for worker in rows {
      picture.text(
        "worker \(worker)", Self.left - 8, 26 + Self.rowHeight * (Double(worker) + 0.65), anchor: "end")
    }
    let span = Double(end - start)
    let step = PageFigures.step(span, count: 8)
    var tick = 0.0
    while tick <= span {
      let x = Self.left + tick / span * (Self.width - Self.left - 8)
      picture.line((x, 24), (x, bottom + 4), "grid")
      picture.text(PageFigures.time(tick), x, bottom + 18, anchor: "middle", "tick")
      tick += step
    }
    return picture
  }

  private func place(_ time: Int64, _ start: Int64, _ end: Int64) -> Double {
    Self.left + Double(time - start) / Double(end - start) * (Self.width - Self.left - 8)
  }

  private func color(_ segment: Timeline.Segment) -> PageColor {
    switch segment.kind {
    case .work: segment.stage.map { PageColor(names[$0]) } ?? .other
    case .waitForStart, .waitForOthers, .noJob: .wait
    case .between, .otherPass: .between
    }
  }

  private func addColumns(_ worker: Int, _ start: Int64, _ end: Int64, to picture: inout Picture) {
    let count = Int(Self.width - Self.left - 8)
    var columns = [[Double]](repeating: Array(repeating: 0, count: PageColor.allCases.count), count: count)
    func add(_ from: Int64, _ to: Int64, _ color: PageColor, _ sign: Double = 1) {
      guard let index = PageColor.allCases.firstIndex(of: color) else { return }
      let scale = Double(count) / Double(end - start)
      let (first, last) = (Double(from - start) * scale, Double(to - start) * scale)
      var column = max(0, Int(first))
      while column < count, Double(column) < last {
        columns[column][index] += sign * (min(last, Double(column + 1)) - max(first, Double(column)))
        column += 1
      }
    }
    for segment in timeline.workers[worker] { add(segment.start, segment.end, color(segment)) }
    for event in timeline.unpacking[worker] {
      add(event.start, event.end, .unpack)
      add(event.start, event.end, .multiply, -1)
    }
    let y = 26 + Self.rowHeight * Double(worker) + 3
    var column = 0
    while column < count {
      let best = columns[column].indices.max { columns[column][$0] < columns[column][$1] } ?? 0
      var next = column + 1
      while next < count, columns[next].indices.max(by: { columns[next][$0] < columns[next][$1] }) == best {
        next += 1
      }
      picture.rectangle(
        Self.left + Double(column), y, Double(next - column), Self.rowHeight - 6,
        PageColor.allCases[best].rawValue)
      column = next
    }
  }

  private func addLayers(_ start: Int64, _ end: Int64, to picture: inout Picture) {
    var last: Int?
    var lastLabel = -100.0
    for stage in recording.stages where stage.layer != nil && stage.layer != last {
      last = stage.layer
      let x = place(stage.start, start, end)
      picture.line((x, 18), (x, 24), "axis")
      guard x - lastLabel > 52, let layer = stage.layer else { continue }
      picture.text("layer \(layer)", x, 15, "tick")
      lastLabel = x
    }
  }

  private static let shownJobs = 1500

  private func addJobs(_ worker: Int, _ start: Int64, _ end: Int64, to picture: inout Picture) {
    let y = 26 + Self.rowHeight * Double(worker) + 3
    var shown = 0
    for segment in timeline.workers[worker] where segment.start < end && segment.end > start {
      guard shown < Self.shownJobs else { break }
      let x = place(max(segment.start, start), start, end)
      let width = place(min(segment.end, end), start, end) - x
      guard width > 0.05 else { continue }
      shown += 1
      picture.rectangle(
        x, y, max(0.1, width - (width > 1 ? 0.4 : 0)), Self.rowHeight - 6, color(segment).rawValue,
        title: label(segment))
    }
    shown = 0
    for event in timeline.unpacking[worker] where event.start < end && event.end > start {
      guard shown < Self.shownJobs else { break }
      shown += 1
      let x = place(event.start, start, end)
      picture.rectangle(
        x, y + Self.rowHeight / 2, max(0.1, place(event.end, start, end) - x), Self.rowHeight / 2 - 6,
        "unpack")
    }
  }

  private func label(_ segment: Timeline.Segment) -> String {
    let time = PageFigures.time(Double(segment.nanoseconds))
    switch segment.kind {
    case .work:
      let name = segment.stage.map { names[$0].rawValue } ?? "work"
      return "\(name)\(segment.item.map { ", job \($0)" } ?? ""): \(time)"
    case .waitForStart: return "not begun: \(time)"
    case .waitForOthers: return "waits for others: \(time)"
    case .noJob: return "no job: \(time)"
    case .between: return "between stages: \(time)"
    case .otherPass: return "another pass: \(time)"
    }
  }
}

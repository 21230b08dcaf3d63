import JSON
import Kernels
import Touchstone

/// A recording in the trace event format of Chrome, which ui.perfetto.dev and chrome://tracing open.
///
/// One process. Thread 0 has the passes, with layers and stages inside; a thread for each worker has its
/// jobs, with the unpacked sections inside, and its waits.
package struct ChromeTrace {
  private let recording: Recording
  private let index: RecordingIndex
  private let names: [KernelName]
  private let origin: Int64
  private var bytes: [UInt8] = []
  private var isFirst = true

  package init(_ recording: Recording) {
    self.recording = recording
    index = RecordingIndex(recording)
    names = recording.kernelNames
    origin = recording.passes.map(\.start).min() ?? 0
  }

  package var json: [UInt8] {
    var writer = self
    writer.write()
    return writer.bytes
  }

  private mutating func write() {
    bytes.append("{\"displayTimeUnit\":\"ns\",\"otherData\":")
    bytes.append(
      json: .object([
        .init("program", .string("touchstone")),
        .init("version", .string(EngineInformation.current.version)),
        .init("kernels", .string(recording.kernels)),
        .init("threads", .number(recording.workerCount)),
      ]))
    bytes.append(",\"traceEvents\":[")
    metadata("process_name", thread: 0, "touchstone")
    metadata("thread_name", thread: 0, "passes, layers, stages")
    for worker in 0..<recording.workerCount {
      metadata(
        "thread_name", thread: worker + 1,
        worker == 0 ? "worker 0, the computing thread" : "worker \(worker)")
    }
    for pass in recording.passes.indices { write(pass: pass) }
    bytes.append("\n]}\n")
  }

  private mutating func write(pass number: Int) {
    let pass = recording.passes[number]
    span(
      "pass \(number)", "pass", thread: 0, pass.start, pass.end,
      [
        .init("tokens", .number(pass.tokens)), .init("sequences", .number(pass.sequences)),
        .init("activations", .string(pass.activations.rawValue)),
      ])
    let numbers = index.stages[number]
    for run in layers(numbers) {
      span(
        "layer \(run.layer)", "layer", thread: 0, recording.stages[run.first].start,
        recording.stages[run.last].end, [])
    }
    for number in numbers { write(stage: number) }
    let timeline = Timeline(index, pass: number)
    for (worker, segments) in timeline.workers.enumerated() {
      for segment in segments where segment.nanoseconds > 0 { write(segment, worker: worker) }
      for event in timeline.unpacking[worker] {
        span("unpack", "section", thread: worker + 1, event.start, event.end, [])
      }
    }
  }

  /// Runs of stages of one layer; a chunk after chunk of a long pass in one layer is one run.
  private func layers(_ numbers: [Int]) -> [(layer: Int, first: Int, last: Int)] {
    var runs: [(layer: Int, first: Int, last: Int)] = []
    for number in numbers {
      guard let layer = recording.stages[number].layer else { continue }
      if let last = runs.last, last.layer == layer {
        runs[runs.count - 1].last = number
      } else {
        runs.append((layer, number, number))
      }
    }
    return runs
  }

  private mutating func write(stage number: Int) {
    let stage = recording.stages[number]
    var arguments: [JSONValue.Member] = [
      .init("stage", .string(stage.stage.rawValue)), .init("jobs", .number(max(1, stage.items))),
    ]
    if stage.rows > 0 {
      arguments += [.init("tokens", .number(stage.rows)), .init("columns", .number(stage.columns))]
    }
    if stage.work.weightBytes > 0 {
      arguments.append(.init("weight_bytes", .number(stage.work.weightBytes)))
    }
    let operations = stage.work.dotOperations + stage.work.floatOperations
    if operations > 0 { arguments.append(.init("operations", .number(operations))) }
    span(names[number].rawValue, "stage", thread: 0, stage.start, stage.end, arguments)
  }

  private mutating func write(_ segment: Timeline.Segment, worker: Int) {
    var arguments: [JSONValue.Member] = []
    let name: String
    switch segment.kind {
    case .work:
      name = segment.stage.map { names[$0].rawValue } ?? "work"
      if let index = segment.stage, let item = segment.item {
        arguments.append(.init("job", .number(item)))
        arguments += panel(item, recording.stages[index])
      }
    case .waitForStart: name = "wait: not begun"
    case .waitForOthers: name = "wait: others at work"
    case .noJob: name = "wait: no job"
    case .between: name = "between stages"
    case .otherPass: name = "another pass"
    }
    span(
      name, segment.kind == .work ? "job" : "wait", thread: worker + 1, segment.start, segment.end, arguments)
  }

  /// The panel of a job of an integer multiply, and the one whose weights it asks for ahead.
  private func panel(_ item: Int, _ stage: TimelineStage) -> [JSONValue.Member] {
    guard let panels = recording.panelCount(stage), stage.items > 0 else { return [] }
    var members: [JSONValue.Member] = [
      .init("panel", .number(item % panels)), .init("piece", .number(item / panels)),
    ]
    let next = item + recording.workerCount
    if next < stage.items {
      members.append(.init("prefetches_panel", .number(next % panels)))
      members.append(.init("prefetches_bytes", .number(stage.work.weightBytes / panels)))
    }
    return members
  }

  // MARK: Events

  private mutating func metadata(_ name: String, thread: Int, _ value: String) {
    event([
      .init("name", .string(name)), .init("ph", .string("M")), .init("pid", .number(1)),
      .init("tid", .number(thread)), .init("args", .object([.init("name", .string(value))])),
    ])
  }

  private mutating func span(
    _ name: String, _ category: String, thread: Int, _ start: Int64, _ end: Int64,
    _ arguments: [JSONValue.Member]
  ) {
    event([
      .init("name", .string(name)), .init("cat", .string(category)), .init("ph", .string("X")),
      .init("ts", Self.microseconds(start - origin)), .init("dur", Self.microseconds(end - start)),
      .init("pid", .number(1)), .init("tid", .number(thread)), .init("args", .object(arguments)),
    ])
  }

  /// Nanoseconds as microseconds, with all three digits.
  private static func microseconds(_ nanoseconds: Int64) -> JSONValue {
    let sign = nanoseconds < 0 ? "-" : ""
    let fraction = String(nanoseconds.magnitude % 1000)
    return .number(
      "\(sign)\(nanoseconds.magnitude / 1000)."
        + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction)
  }

  private mutating func event(_ members: [JSONValue.Member]) {
    bytes.append(isFirst ? "\n" : ",\n")
    isFirst = false
    bytes.append(json: .object(members))
  }
}

extension Recording {
  /// The panels of 32 rows of an integer multiply; nil of other stages.
  func panelCount(_ stage: TimelineStage) -> Int? {
    guard stage.operation == .multiply, stage.work.dotOperations > 0 else { return nil }
    let rows = KernelWork.outputColumns(of: stage)
    let panels = (rows + 31) / 32
    // Matrices whose rows fill no panels have more; then nobody says which is which.
    return panels > 0 && max(1, stage.items) % panels == 0 ? panels : nil
  }
}

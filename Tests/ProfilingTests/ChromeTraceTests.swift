import JSON
import Kernels
import Profiling
import TestModels
import Testing
import Touchstone

/// The trace file against the format: Google's "Trace Event Format", complete events and metadata.
@Suite struct ChromeTraceTests {
  /// One complete event.
  private struct Span {
    let name: String
    let category: String
    let thread: Int
    /// Nanoseconds.
    let start: Int
    let end: Int
    let arguments: JSONValue
  }

  private struct Trace {
    var spans: [Span] = []
    var threads: [Int: String] = [:]
    var processes: [String] = []
  }

  private struct FormatError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// Reads a trace strictly: everything that the format asks for is there, and nothing that it does not know.
  private func parse(_ bytes: [UInt8]) throws -> Trace {
    let json = try JSONParser.parse(bytes)
    guard json["displayTimeUnit"] == .string("ns"), case .array(let events)? = json["traceEvents"] else {
      throw FormatError("no displayTimeUnit or traceEvents")
    }
    var trace = Trace()
    for event in events {
      guard case .string(let name)? = event["name"], case .string(let phase)? = event["ph"],
        case .number("1")? = event["pid"], case .number(let digits)? = event["tid"],
        let thread = Int(digits), let arguments = event["args"], case .object = arguments
      else { throw FormatError("an event without name, ph, pid, tid or args: \(event)") }
      switch phase {
      case "M":
        guard case .string(let value)? = arguments["name"] else { throw FormatError("metadata without name") }
        switch name {
        case "process_name": trace.processes.append(value)
        case "thread_name":
          guard trace.threads[thread] == nil else { throw FormatError("thread \(thread) has two names") }
          trace.threads[thread] = value
        default: throw FormatError("unknown metadata \(name)")
        }
      case "X":
        guard case .string(let category)? = event["cat"] else { throw FormatError("no category") }
        let start = try nanoseconds(event["ts"])
        let duration = try nanoseconds(event["dur"])
        trace.spans.append(
          Span(
            name: name, category: category, thread: thread, start: start, end: start + duration,
            arguments: arguments))
      default: throw FormatError("unknown phase \(phase)")
      }
    }
    return trace
  }

  /// Microseconds with three digits behind the point.
  private func nanoseconds(_ value: JSONValue?) throws -> Int {
    guard case .number(let digits)? = value else { throw FormatError("no number") }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 3, let whole = Int(parts[0]), let rest = Int(parts[1]),
      whole >= 0
    else { throw FormatError("'\(digits)' is no time") }
    return whole * 1000 + rest
  }

  /// Viewers stack the events of a thread: each must end before the one that it lies in.
  private func checkNesting(_ trace: Trace) {
    for thread in trace.threads.keys {
      var open: [Span] = []
      let spans = trace.spans.filter { $0.thread == thread }.sorted {
        ($0.start, $1.end) < ($1.start, $0.end)
      }
      for span in spans {
        while let last = open.last, last.end <= span.start { open.removeLast() }
        if let last = open.last {
          #expect(span.end <= last.end, "\(span.name) at \(span.start) leaves \(last.name)")
        }
        open.append(span)
      }
    }
  }

  @Test func aTraceFileIsOfTheFormatAndWhole() throws {
    let model = try RecordedPasses.demo()
    let recording = try RecordedPasses(model, tokens: [120, 5], activations: .i16).recording
    let trace = try parse(ChromeTrace(recording).json)
    #expect(trace.processes == ["touchstone"])
    #expect(
      trace.threads == [
        0: "passes, layers, stages", 1: "worker 0, the computing thread", 2: "worker 1",
      ])
    checkNesting(trace)
    func count(_ category: String) -> Int { trace.spans.count { $0.category == category } }
    #expect(count("pass") == 2)
    #expect(count("layer") == 2 * model.layerCount)
    #expect(count("stage") == recording.stages.count)
    let sections = recording.events.joined().count { $0.item == TimelineEvent.unpacking }
    #expect(count("section") == sections)
    // Jobs, and the stages that are one.
    let jobs =
      recording.events.joined().count { $0.item != TimelineEvent.unpacking }
      + recording.stages.count { $0.items <= 1 }
    #expect(count("job") == jobs)
    // The jobs and waits of a worker add up to the passes.
    for thread in 1...2 {
      let sum = trace.spans.reduce(0) {
        $0 + ($1.thread == thread && ["job", "wait"].contains($1.category) ? $1.end - $1.start : 0)
      }
      #expect(sum == recording.passes.reduce(0) { $0 + Int($1.nanoseconds) })
    }
    let ahead = trace.spans.filter { $0.arguments["prefetches_bytes"] != nil }
    #expect(!ahead.isEmpty)
  }

  @Test func panelsAreCountedWhereTheyFill() throws {
    let trace = try parse(ChromeTrace(MadeRecording.unbalanced).json)
    let jobs = trace.spans.filter { $0.category == "job" && $0.name == "query, key, value" }
    #expect(jobs.map { $0.arguments["panel"] } == [.number("0"), .number("1")])
    #expect(jobs.map { $0.arguments["prefetches_panel"] } == [nil, nil])
  }
}

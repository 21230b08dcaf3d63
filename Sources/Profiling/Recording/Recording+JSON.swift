import JSON
import Kernels
import Touchstone
import Workbench

/// What `GET /profile` answers: a recording, and the machine's roofs where they were asked for.
package struct RecordingFile: Sendable, Equatable {
  package var recording: Recording
  package var roofs: MachineRoofs?
  package var processor: String?
  package var processorCount: Int?

  package init(
    _ recording: Recording, roofs: MachineRoofs? = nil, processor: String? = nil, processorCount: Int? = nil
  ) {
    self.recording = recording
    self.roofs = roofs
    self.processor = processor
    self.processorCount = processorCount
  }

  package static let format = "touchstone recording 2"

  /// Passes, stages and events are lists of numbers, in the order of ``stageFields`` and its neighbors; times
  /// are nanoseconds since the first pass began.
  package var json: [UInt8] {
    let origin = recording.passes.map(\.start).min() ?? 0
    var bytes: [UInt8] = []
    bytes.append("{\"format\":\"\(Self.format)\",\"processor\":")
    bytes.append(json: processor.map(JSONValue.string) ?? .null)
    bytes.append(",\"processor_count\":\(processorCount.map(String.init) ?? "null")")
    bytes.append(",\"threads\":\(recording.workerCount),\"kernels\":")
    bytes.append(json: recording.kernels)
    bytes.append(",\"passes\":")
    bytes.append(
      lists: recording.passes.map { pass in
        [
          pass.start - origin, pass.end - origin, Int64(pass.tokens), Int64(pass.sequences),
          Int64(ActivationPrecision.allCases.firstIndex(of: pass.activations) ?? 0),
        ]
      })
    bytes.append(",\"stages\":")
    bytes.append(
      lists: recording.stages.map { stage in
        [
          Int64(stage.stage.index),
          Int64(TimelineOperation.allCases.firstIndex(of: stage.operation) ?? 0),
          Int64(stage.layer ?? -1), Int64(stage.pass), Int64(stage.rows), Int64(stage.columns),
          Int64(stage.tileRows), Int64(stage.items), stage.start - origin, stage.end - origin,
          Int64(stage.work.floatOperations), Int64(stage.work.dotOperations), Int64(stage.work.weightBytes),
          Int64(stage.precision.flatMap { IntegerPrecision.allCases.firstIndex(of: $0) } ?? -1),
          stage.joinsNext ? 1 : 0,
        ]
      })
    bytes.append(",\"events\":[")
    for (worker, events) in recording.events.enumerated() {
      if worker > 0 { bytes.append(",") }
      // One list of all numbers: three fifths of the size of a list for each event.
      bytes.append(
        numbers: events.lazy.flatMap {
          [$0.start - origin, $0.end - $0.start, Int64($0.stage), Int64($0.item)]
        })
    }
    bytes.append("],\"roofs\":")
    bytes.append(json: roofs?.json ?? .null)
    bytes.append("}\n")
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(numbers: some Sequence<Int64>) {
    append("[")
    var isFirst = true
    for number in numbers {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      append(String(number))
    }
    append("]")
  }

  fileprivate mutating func append(lists: [[Int64]]) {
    append("[")
    for (index, list) in lists.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      append(numbers: list)
    }
    append("]")
  }
}

/// Why bytes are not a recording: a sentence without a subject.
package struct RecordingFileError: Error, Equatable, CustomStringConvertible {
  package let description: String
}

extension RecordingFile {
  /// The most numbers that a recording may hold: memory, since each takes some forty bytes while it is read.
  package static let maximumValues = 8 << 20

  /// - Throws: ``RecordingFileError`` where the bytes are not JSON, or a number is out of its range:
  /// everything
  ///   that follows counts and divides without checks.
  package init(parsing bytes: [UInt8]) throws(RecordingFileError) {
    let json: JSONValue
    do { json = try JSONParser.parse(bytes, maximumValues: Self.maximumValues) } catch {
      throw RecordingFileError(description: "is not JSON: \(error.reason)")
    }
    guard case .string(Self.format)? = json["format"] else {
      throw RecordingFileError(description: "is not of the format '\(Self.format)'")
    }
    let workers = try Self.integer(json["threads"], "threads", 1...1024)
    guard case .string(let kernels)? = json["kernels"], kernels.utf8.count <= 64 else {
      throw RecordingFileError(description: "has no name of its kernels")
    }
    let passes = try Self.lists(json["passes"], "passes", count: 5).map {
      (row) throws(RecordingFileError) in try Self.pass(row)
    }
    let stages = try Self.lists(json["stages"], "stages", count: 15).map {
      (row) throws(RecordingFileError) in try Self.stage(row, passCount: passes.count)
    }
    guard case .array(let lanes)? = json["events"], lanes.count == workers else {
      throw RecordingFileError(description: "has no list of events for each of its \(workers) threads")
    }
    let events = try lanes.map { (lane) throws(RecordingFileError) in
      try Self.events(lane, stageCount: stages.count)
    }
    self.init(
      Recording(workerCount: workers, kernels: kernels, passes: passes, stages: stages, events: events),
      roofs: try MachineRoofs(parsing: json["roofs"] ?? .null))
    if case .string(let name)? = json["processor"] { processor = String(name.prefix(128)) }
    if case .number? = json["processor_count"] {
      processorCount = try Self.integer(json["processor_count"], "processor_count", 1...1 << 20)
    }
  }

  private static let times: ClosedRange<Int> = 0...1 << 50

  private static func integer(
    _ value: JSONValue?, _ name: String, _ range: ClosedRange<Int>
  ) throws(RecordingFileError) -> Int {
    guard case .number(let digits)? = value, let number = Int(digits), range.contains(number) else {
      throw RecordingFileError(
        description: "has a number for '\(name)' that is not from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func lists(
    _ value: JSONValue?, _ name: String, count: Int
  ) throws(RecordingFileError) -> [[JSONValue]] {
    guard case .array(let rows)? = value else {
      throw RecordingFileError(description: "has no list of \(name)")
    }
    return try rows.map { (row) throws(RecordingFileError) in
      guard case .array(let values) = row, values.count == count else {
        throw RecordingFileError(description: "has an element of '\(name)' that is not \(count) numbers")
      }
      return values
    }
  }

  private static func pass(_ row: [JSONValue]) throws(RecordingFileError) -> Recording.Pass {
    let start = try integer(row[0], "passes", times)
    return Recording.Pass(
      start: Int64(start), end: Int64(try integer(row[1], "passes", start...times.upperBound)),
      tokens: try integer(row[2], "passes", 0...1 << 28),
      sequences: try integer(row[3], "passes", 0...1 << 28),
      activations: ActivationPrecision.allCases[
        try integer(row[4], "passes", 0...ActivationPrecision.allCases.count - 1)])
  }

  private static func stage(
    _ row: [JSONValue], passCount: Int
  ) throws(RecordingFileError) -> TimelineStage {
    func number(_ index: Int, _ range: ClosedRange<Int>) throws(RecordingFileError) -> Int {
      try integer(row[index], "stages", range)
    }
    guard passCount > 0 else { throw RecordingFileError(description: "has stages of no pass") }
    var stage = TimelineStage()
    stage.stage = Stage.allCases[try number(0, 0...Stage.allCases.count - 1)]
    stage.operation = TimelineOperation.allCases[try number(1, 0...TimelineOperation.allCases.count - 1)]
    let layer = try number(2, -1...4095)
    stage.layer = layer < 0 ? nil : layer
    stage.pass = try number(3, 0...passCount - 1)
    stage.rows = try number(4, 0...1 << 24)
    stage.columns = try number(5, 0...1 << 24)
    stage.tileRows = try number(6, 0...4096)
    stage.items = try number(7, 0...1 << 28)
    let start = try number(8, times)
    stage.start = Int64(start)
    stage.end = Int64(try number(9, start...times.upperBound))
    stage.work.floatOperations = try number(10, 0...1 << 56)
    stage.work.dotOperations = try number(11, 0...1 << 56)
    stage.work.weightBytes = try number(12, 0...1 << 40)
    let precision = try number(13, -1...IntegerPrecision.allCases.count - 1)
    stage.precision = precision < 0 ? nil : IntegerPrecision.allCases[precision]
    stage.joinsNext = try number(14, 0...1) == 1
    return stage
  }

  private static func events(
    _ value: JSONValue, stageCount: Int
  ) throws(RecordingFileError) -> [TimelineEvent] {
    guard case .array(let numbers) = value, numbers.count % 4 == 0 else {
      throw RecordingFileError(description: "has a list of events that is not four numbers each")
    }
    guard numbers.isEmpty || stageCount > 0 else {
      throw RecordingFileError(description: "has events of no stage")
    }
    var events: [TimelineEvent] = []
    events.reserveCapacity(numbers.count / 4)
    // A worker's events are in the order of their stages.
    var least = 0
    for index in stride(from: 0, to: numbers.count, by: 4) {
      let start = try integer(numbers[index], "events", times)
      let duration = try integer(numbers[index + 1], "events", times)
      least = try integer(numbers[index + 2], "events", least...stageCount - 1)
      let item = try integer(numbers[index + 3], "events", 0...Int(UInt32.max))
      events.append(
        TimelineEvent(
          start: Int64(start), end: Int64(start + duration), stage: UInt32(least), item: UInt32(item)))
    }
    return events
  }
}

extension MachineRoofs {
  package var json: JSONValue {
    func json(_ peaks: MachinePeaks) -> JSONValue {
      .object([
        .init("float_operations", .number(peaks.floatOperations)),
        .init("dot_operations", .number(peaks.dotOperations)),
        .init("tile_operations", peaks.tileOperations.map { .number($0) } ?? .null),
        .init("memory_bytes", .number(peaks.memoryBytes)),
      ])
    }
    return .object([
      .init("kernels", .string(kernels)), .init("peaks", json(peaks)),
      .init("fastest_kernels", .string(fastestKernels)), .init("fastest", json(fastest)),
      .init(
        "bandwidths",
        .array(bandwidths.map { .array([.number($0.bytes), .number($0.bytesPerSecond)]) })),
    ])
  }

  /// nil of null.
  init?(parsing json: JSONValue) throws(RecordingFileError) {
    if case .null = json { return nil }
    func rate(_ value: JSONValue?) throws(RecordingFileError) -> Double {
      guard case .number(let digits)? = value, let rate = Double(digits), rate > 0, rate < 1e24 else {
        throw RecordingFileError(description: "has a roof that is no positive number")
      }
      return rate
    }
    func peaks(_ json: JSONValue?) throws(RecordingFileError) -> MachinePeaks {
      let tiles = json?["tile_operations"]
      return MachinePeaks(
        floatOperations: try rate(json?["float_operations"]),
        dotOperations: try rate(json?["dot_operations"]),
        tileOperations: tiles == nil || tiles == .null ? nil : try rate(tiles),
        memoryBytes: try rate(json?["memory_bytes"]))
    }
    guard case .string(let kernels)? = json["kernels"], case .string(let fastest)? = json["fastest_kernels"],
      case .array(let rows)? = json["bandwidths"], rows.count <= 64, kernels.utf8.count <= 64,
      fastest.utf8.count <= 64
    else { throw RecordingFileError(description: "has roofs without names or bandwidths") }
    var bandwidths: [Bandwidth] = []
    for row in rows {
      guard case .array(let pair) = row, pair.count == 2, case .number(let digits) = pair[0],
        let bytes = Int(digits), (bandwidths.last?.bytes ?? 0) < bytes, bytes <= 1 << 40
      else { throw RecordingFileError(description: "has bandwidths whose sizes do not ascend") }
      bandwidths.append(Bandwidth(bytes: bytes, bytesPerSecond: try rate(pair[1])))
    }
    self.init(
      peaks: try peaks(json["peaks"]), kernels: kernels, fastest: try peaks(json["fastest"]),
      fastestKernels: fastest, bandwidths: bandwidths)
  }
}

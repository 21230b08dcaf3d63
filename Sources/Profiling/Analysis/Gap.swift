import Kernels
import Touchstone

/// Time that workers lost, by kernel and cause: one row of the table of gaps.
package struct Gap: Sendable, Equatable {
  /// Why time is lost.
  package enum Cause: String, CaseIterable, Sendable {
    /// Workers stand idle until another one begins or ends its job.
    case waiting = "waiting for a worker"
    /// The bytes come no faster.
    case memory = "memory"
    /// The last tile of tokens or of rows is not full.
    case edgeTiles = "edge tiles"
    /// Few tokens: weights are unpacked for few products, and there are fewer jobs than workers.
    case smallBatch = "small batch"
    /// The processor runs a faster instruction set than the one in use.
    case instructionSet = "slower instruction set"
    /// Planning, memory, handing out work: no stage is open.
    case between = "between stages"
    /// The rest of the time above the roof.
    case kernel = "kernel below its roof"
  }

  package var cause: Cause
  /// nil: of no kernel.
  package var kernel: KernelName?
  /// Worker time: two workers that wait for a millisecond lose two.
  package var nanoseconds: Double
  /// Of the time of all workers.
  package var share: Double
  /// The layer that lost the most.
  package var layer: Int?
  /// For waits: whom the others waited for most.
  package var worker: Int?
}

/// Finds where the time of the workers went that the machine's roofs do not ask for.
package struct GapAnalysis {
  private let recording: Recording
  private let roofs: MachineRoofs?
  private let names: [KernelName]
  private let works: [KernelWork]
  private let workingSet: Double
  private var sums: [Key: Sum] = [:]

  private struct Key: Hashable {
    let cause: Gap.Cause
    let kernel: KernelName?
  }

  private struct Sum {
    var nanoseconds = 0.0
    var byLayer: [Int: Double] = [:]
    var byWorker: [Int: Double] = [:]
  }

  /// - Parameter roofs: nil: only waits and what is between stages is known.
  package init(_ recording: Recording, roofs: MachineRoofs?) {
    self.recording = recording
    self.roofs = roofs
    names = recording.kernelNames
    works = recording.kernelWork
    // A pass reads each weight once, so weights come from wherever all of them fit.
    workingSet =
      Double(recording.stages.reduce(0) { $0 + $1.work.weightBytes })
      / Double(max(1, recording.passes.count))
    let index = RecordingIndex(recording)
    for pass in recording.passes.indices { add(Timeline(index, pass: pass)) }
  }

  /// The worst first.
  package func gaps(limit: Int = 10) -> [Gap] {
    let whole =
      Double(recording.workerCount) * recording.passes.reduce(0.0) { $0 + Double($1.nanoseconds) }
    let gaps = sums.map { key, sum in
      Gap(
        cause: key.cause, kernel: key.kernel, nanoseconds: sum.nanoseconds,
        share: whole > 0 ? sum.nanoseconds / whole : 0,
        layer: sum.byLayer.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key,
        worker: sum.byWorker.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key)
    }
    return Array(
      gaps.filter { $0.nanoseconds > 0 }
        .sorted {
          ($0.nanoseconds, $0.cause.rawValue, $0.kernel?.rawValue ?? "")
            > ($1.nanoseconds, $1.cause.rawValue, $1.kernel?.rawValue ?? "")
        }
        .prefix(limit))
  }

  private mutating func note(
    _ cause: Gap.Cause, _ kernel: KernelName?, _ nanoseconds: Double, layer: Int?, worker: Int? = nil
  ) {
    guard nanoseconds > 0 else { return }
    let key = Key(cause: cause, kernel: kernel)
    sums[key, default: Sum()].nanoseconds += nanoseconds
    if let layer { sums[key]?.byLayer[layer, default: 0] += nanoseconds }
    if let worker { sums[key]?.byWorker[worker, default: 0] += nanoseconds }
  }

  private mutating func add(_ timeline: Timeline) {
    var stages: [Int: [[Timeline.Segment]]] = [:]
    for (worker, segments) in timeline.workers.enumerated() {
      for segment in segments {
        if segment.kind == .between {
          note(
            .between, nil, Double(segment.nanoseconds),
            layer: segment.stage.flatMap { recording.stages[$0].layer })
        } else if segment.kind != .otherPass, let stage = segment.stage {
          stages[stage, default: Array(repeating: [], count: recording.workerCount)][worker].append(segment)
        }
      }
    }
    var unpacking: [Int: Double] = [:]
    for events in timeline.unpacking {
      for event in events { unpacking[Int(event.stage), default: 0] += Double(event.end - event.start) }
    }
    // In their order, so that sums have the same bits each time.
    for (index, workers) in stages.sorted(by: { $0.key < $1.key }) {
      add(stage: index, workers, unpacking: unpacking[index] ?? 0)
    }
  }

  private mutating func add(stage index: Int, _ workers: [[Timeline.Segment]], unpacking: Double) {
    let stage = recording.stages[index]
    let kernel = names[index]
    let layer = stage.layer
    func sum(_ segments: [Timeline.Segment], _ kinds: Set<Timeline.Segment.Kind>) -> Double {
      segments.reduce(0) { $0 + (kinds.contains($1.kind) ? Double($1.nanoseconds) : 0) }
    }
    // Fewer jobs than workers: as many have nothing to do, whoever they are.
    let wall = Double(stage.end - stage.start)
    let jobs = max(1, stage.items)
    let spare = Double(max(0, workers.count - jobs)) * wall
    note(.smallBatch, kernel, spare, layer: layer)
    let idle = workers.reduce(0) { $0 + sum($1, [.waitForStart, .waitForOthers, .noJob]) } - spare
    let ends = workers.indices.compactMap { worker in
      workers[worker].last { $0.kind == .work }.map { (worker: worker, end: $0.end) }
    }
    note(.waiting, kernel, idle, layer: layer, worker: ends.max { $0.end < $1.end }?.worker)

    var busy = workers.reduce(0) { $0 + sum($1, [.work]) }
    // Where there is one worker, nobody waits for it.
    if stage.items > 1, workers.count > 1 { busy -= noteSlowJobs(workers, kernel, layer) }
    if let roofs { noteRoofs(stage, works[index], kernel, busy: busy, unpacking: unpacking, roofs) }
  }

  /// Jobs that took far longer than others of their stage: their worker was slow, or had no processor.
  ///
  /// - Returns: the time above that of a usual job.
  private mutating func noteSlowJobs(
    _ workers: [[Timeline.Segment]], _ kernel: KernelName, _ layer: Int?
  ) -> Double {
    let times = workers.flatMap { $0.filter { $0.kind == .work }.map { Double($0.nanoseconds) } }.sorted()
    guard times.count > 1 else { return 0 }
    // Of two jobs, the shorter one.
    let usual = times[(times.count - 1) / 2]
    // Jobs of attention have up to twice the mean work, and a moment is no finding.
    let limit = 3 * usual + 20_000
    var excess = 0.0
    for (worker, segments) in workers.enumerated() {
      for segment in segments where segment.kind == .work && Double(segment.nanoseconds) > limit {
        let time = Double(segment.nanoseconds) - usual
        note(.waiting, kernel, time, layer: layer, worker: worker)
        excess += time
      }
    }
    return excess
  }

  /// Divides the time of jobs that the roofs do not ask for.
  private mutating func noteRoofs(
    _ stage: TimelineStage, _ work: KernelWork, _ kernel: KernelName, busy: Double, unpacking: Double,
    _ roofs: MachineRoofs
  ) {
    guard work.operations > 0 else { return }
    let layer = stage.layer
    let threads = Double(recording.workerCount)
    var rest = busy
    let slower = rest * max(0, 1 - roofs.peak(work.unit) / roofs.fastestPeak(work.unit))
    note(.instructionSet, kernel, slower, layer: layer)
    rest -= slower
    let ideal = work.operations / roofs.fastestPeak(work.unit) * 1e9 * threads
    let bytes = stage.work.weightBytes > 0 ? max(workingSet, work.bytes) : work.bytes
    let bandwidth = roofs.bandwidth(forBytes: bytes)
    let memory = min(max(0, rest - ideal), max(0, work.bytes / bandwidth * 1e9 * threads - ideal))
    note(.memory, kernel, memory, layer: layer)
    rest = max(0, rest - ideal - memory)
    if kernel.isMultiply {
      let usesSlower = busy > 0 ? slower / busy : 0
      let small = min(rest, unpacking * (1 - usesSlower))
      note(.smallBatch, kernel, small, layer: layer)
      rest -= small
      let edge = min(rest, ideal * (emptyShare(stage, work)))
      note(.edgeTiles, kernel, edge, layer: layer)
      rest -= edge
    }
    note(.kernel, kernel, rest, layer: layer)
  }

  /// The empty part of the tiles of a multiply, in proportion to the full one: 5 tokens in a tile of 6 are
  /// 0.2.
  private func emptyShare(_ stage: TimelineStage, _ work: KernelWork) -> Double {
    guard stage.tileRows > 0, stage.rows > 0 else { return 0 }
    let padded = (stage.rows + stage.tileRows - 1) / stage.tileRows * stage.tileRows
    let columns = KernelWork.outputColumns(of: stage)
    let paddedColumns = (columns + 31) / 32 * 32
    guard columns > 0 else { return 0 }
    return Double(padded) / Double(stage.rows) * Double(paddedColumns) / Double(columns) - 1
  }
}

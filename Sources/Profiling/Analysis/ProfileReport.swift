import Kernels
import Touchstone

/// Whose passes were recorded.
package struct ProfileSubject: Sendable, Equatable {
  /// A file, or the address of a service.
  package var name: String
  package var parameterCount: Int?
  /// The block format of most of the bytes.
  package var weights: String?
  package var processor: String?
  package var processorCount: Int?

  package init(
    name: String, parameterCount: Int? = nil, weights: String? = nil, processor: String? = nil,
    processorCount: Int? = nil
  ) {
    self.name = name
    self.parameterCount = parameterCount
    self.weights = weights
    self.processor = processor
    self.processorCount = processorCount
  }
}

/// The time of the same pass with other numbers of threads, of passes with other numbers of tokens, and of
/// the same pass on cores that this machine may not have.
package struct Scaling: Sendable, Equatable {
  package struct Sample: Sendable, Equatable {
    /// Threads, or tokens.
    package var count: Int
    package var tokens: Int
    /// Of the best of three passes.
    package var seconds: Double

    package var tokensPerSecond: Double { seconds > 0 ? Double(tokens) / seconds : 0 }
  }

  /// The jobs of one thread, handed out again; see ``Replay``.
  package struct Replayed: Sendable, Equatable {
    package var cores: Int
    package var tokens: Int
    package var seconds: Double
    /// Where the machine has so many cores.
    package var measuredSeconds: Double?

    package var tokensPerSecond: Double { seconds > 0 ? Double(tokens) / seconds : 0 }
  }

  package var threads: [Sample]
  package var tokens: [Sample]
  package var cores: [Replayed]
  /// How late a worker comes that is called, as the replay has it.
  package var wakeUpSeconds: Double
}

/// A profile: the recording and everything derived from it.
package struct ProfileReport: Sendable {
  package struct Counters: Sendable, Equatable {
    package var counts: HardwareCounters.Counts
    /// How many passes they are of.
    package var passes: Int

    package init(_ counts: HardwareCounters.Counts, passes: Int) {
      self.counts = counts
      self.passes = passes
    }
  }

  package let subject: ProfileSubject
  package let recording: Recording
  /// nil where they were not asked for.
  package let roofs: MachineRoofs?
  package let counters: Counters?
  /// Wall times of the same passes without recording, in turn with those that were recorded.
  package let plainSeconds: [Double]
  package let scaling: Scaling?
  package let points: [RooflinePoint]
  /// The ten worst, the worst first.
  package let gaps: [Gap]
  package let layers: [LayerTimes]

  package init(
    subject: ProfileSubject, recording: Recording, roofs: MachineRoofs?, counters: Counters? = nil,
    plainSeconds: [Double] = [], scaling: Scaling? = nil
  ) {
    self.subject = subject
    self.recording = recording
    self.roofs = roofs
    self.counters = counters
    self.plainSeconds = plainSeconds
    self.scaling = scaling
    points = recording.rooflinePoints
    gaps = GapAnalysis(recording, roofs: roofs).gaps()
    layers = recording.stagesByLayer
  }

  /// Wall time of the recorded passes.
  package var seconds: [Double] { recording.passes.map { Double($0.nanoseconds) / 1e9 } }

  package var tokensPerSecond: Double {
    guard !seconds.isEmpty else { return 0 }
    let sum = seconds.reduce(0, +)
    return sum > 0 ? Double(recording.passes.reduce(0) { $0 + $1.tokens }) / sum : 0
  }

  /// By how much a pass takes longer while it is recorded, as a share: the fastest ones are compared, which
  /// other programs disturbed least. nil where it was not measured.
  package var costOfRecording: Double? {
    guard let recorded = seconds.min(), let plain = plainSeconds.min(), plain > 0 else { return nil }
    return recorded / plain - 1
  }

  /// Kernels that were faster than the machine can be, as measured: its peaks were measured while other
  /// programs held it up. Three percent are the clock's.
  package var pointsAboveTheirRoofs: [KernelName] {
    guard let roofs else { return [] }
    return points.filter { $0.shareOfRoof(roofs) > 1.03 }.map(\.name)
  }

  /// The sentence for ``pointsAboveTheirRoofs``.
  package static let busyWhilePeaks =
    "Above 100 % of its roof: other programs held this machine up while its peaks were measured. Profile again when "
    + "it is idle."

  /// Of all passes, where the time of the workers went.
  package var workerShares: [WorkerShares] {
    let index = RecordingIndex(recording)
    let timelines = recording.passes.indices.map { Timeline(index, pass: $0) }
    return (0..<recording.workerCount).map { worker in
      var shares = WorkerShares(worker: worker)
      for timeline in timelines {
        shares.jobs += timeline.workers[worker].count { $0.kind == .work }
        shares.work += timeline.nanoseconds(ofWorker: worker, [.work])
        shares.unpacking += timeline.unpacking[worker].reduce(0) { $0 + $1.end - $1.start }
        shares.waiting += timeline.nanoseconds(ofWorker: worker, [.waitForStart, .waitForOthers])
        shares.noJob += timeline.nanoseconds(ofWorker: worker, [.noJob])
        shares.between += timeline.nanoseconds(ofWorker: worker, [.between, .otherPass])
      }
      return shares
    }
  }

  /// The kernels by time: wall time of their stages in one pass, in the mean.
  package var kernels: [(name: KernelName, seconds: Double, calls: Int)] {
    var sums: [KernelName: (Int64, Int)] = [:]
    for (stage, name) in zip(recording.stages, recording.kernelNames) {
      let sum = sums[name] ?? (0, 0)
      sums[name] = (sum.0 + stage.end - stage.start, sum.1 + 1)
    }
    let passes = Double(max(1, recording.passes.count))
    return sums.map {
      ($0.key, Double($0.value.0) / 1e9 / passes, $0.value.1 / max(1, recording.passes.count))
    }
    .sorted { ($0.1, $0.0.rawValue) > ($1.1, $1.0.rawValue) }
  }
}

/// Nanoseconds of one worker.
package struct WorkerShares: Sendable, Equatable {
  package var worker: Int
  package var jobs = 0
  package var work: Int64 = 0
  /// Inside of ``work``.
  package var unpacking: Int64 = 0
  package var waiting: Int64 = 0
  package var noJob: Int64 = 0
  package var between: Int64 = 0

  package var sum: Int64 { work + waiting + noJob + between }
}

import Kernels
import Touchstone

/// One pass as what each worker did, moment by moment: without a gap and without an overlap, from the
/// beginning of the pass to its end.
package struct Timeline: Sendable, Equatable {
  package struct Segment: Sendable, Equatable {
    package enum Kind: String, Sendable {
      /// A tile job, or a stage that is one job.
      case work
      /// In a stage, before this worker has its first job; the whole stage where it came too late for any.
      case waitForStart
      /// In a stage, after this worker's last job: others are still at theirs.
      case waitForOthers
      /// The stage has fewer jobs than there are workers.
      case noJob
      /// Between two stages.
      case between
      /// Another pass has the workers.
      case otherPass
    }

    package var kind: Kind
    package var start: Int64
    package var end: Int64
    /// An index of the recording's stages: of the stage, or of the one that follows. nil after the last.
    package var stage: Int?
    /// The number of a job in its stage.
    package var item: Int?

    package var nanoseconds: Int64 { end - start }
  }

  package var pass: Recording.Pass
  /// By worker.
  package var workers: [[Segment]]
  /// By worker, the sections of weights that it unpacked, inside of its jobs.
  package var unpacking: [[TimelineEvent]]

  /// - Parameter number: of the pass.
  package init(_ recording: Recording, pass number: Int) {
    self.init(RecordingIndex(recording), pass: number)
  }

  package init(_ index: RecordingIndex, pass number: Int) {
    let recording = index.recording
    let pass = recording.passes[number]
    self.pass = pass
    let numbers = index.stages[number]
    unpacking = (0..<recording.workerCount).map { worker in
      numbers.flatMap { stage in
        index.events(of: stage, worker: worker).filter { $0.item == TimelineEvent.unpacking }
      }
    }
    workers = (0..<recording.workerCount).map { worker in
      var segments: [Segment] = []
      var now = pass.start
      for stage in numbers {
        let (start, end) = (recording.stages[stage].start, recording.stages[stage].end)
        Self.addBetween(from: now, to: start, before: stage, index.inPauses[number], to: &segments)
        segments += Self.segments(
          of: recording.stages[stage], stage, worker: worker, of: recording.workerCount,
          jobs: index.events(of: stage, worker: worker).filter { $0.item != TimelineEvent.unpacking })
        now = end
      }
      Self.addBetween(from: now, to: pass.end, before: nil, index.inPauses[number], to: &segments)
      return segments
    }
  }

  /// The time between two stages, without that of other passes in it.
  private static func addBetween(
    from start: Int64, to end: Int64, before stage: Int?, _ others: [Recording.Pass],
    to segments: inout [Segment]
  ) {
    guard end > start else { return }
    let inside = others.filter { $0.start >= start && $0.end <= end }
    guard let first = inside.map(\.start).min(), let last = inside.map(\.end).max() else {
      segments.append(Segment(kind: .between, start: start, end: end, stage: stage))
      return
    }
    segments.append(Segment(kind: .between, start: start, end: first, stage: stage))
    segments.append(Segment(kind: .otherPass, start: first, end: last, stage: stage))
    segments.append(Segment(kind: .between, start: last, end: end, stage: stage))
  }

  private static func segments(
    of stage: TimelineStage, _ index: Int, worker: Int, of workerCount: Int, jobs: [TimelineEvent]
  ) -> [Segment] {
    guard stage.items > 1 else {
      return [
        Segment(
          kind: worker == 0 ? .work : .noJob, start: stage.start, end: stage.end, stage: index,
          item: worker == 0 && stage.items == 1 ? 0 : nil)
      ]
    }
    guard let first = jobs.first, let last = jobs.last else {
      let kind: Segment.Kind = stage.items < workerCount ? .noJob : .waitForStart
      return [Segment(kind: kind, start: stage.start, end: stage.end, stage: index)]
    }
    var segments = [Segment(kind: .waitForStart, start: stage.start, end: first.start, stage: index)]
    segments += jobs.map {
      Segment(kind: .work, start: $0.start, end: $0.end, stage: index, item: Int($0.item))
    }
    segments.append(Segment(kind: .waitForOthers, start: last.end, end: stage.end, stage: index))
    return segments
  }

  /// What a worker's segments add up to.
  package func nanoseconds(ofWorker worker: Int) -> Int64 {
    workers[worker].reduce(0) { $0 + $1.nanoseconds }
  }

  /// What a worker's segments of some kinds add up to.
  package func nanoseconds(ofWorker worker: Int, _ kinds: Set<Segment.Kind>) -> Int64 {
    workers[worker].reduce(0) { $0 + (kinds.contains($1.kind) ? $1.nanoseconds : 0) }
  }
}

import Kernels
import Touchstone

/// The parts of a recording by pass and by stage, found once.
package struct RecordingIndex {
  package let recording: Recording
  /// By pass, the numbers of its stages.
  let stages: [[Int]]
  /// By worker, where the events of each stage begin; one place more than there are stages.
  private let firstEvents: [[Int]]
  /// By pass, the passes that ran while it was paused.
  let inPauses: [[Recording.Pass]]

  package init(_ recording: Recording) {
    self.recording = recording
    var stages = [[Int]](repeating: [], count: recording.passes.count)
    for (number, stage) in recording.stages.enumerated() where stages.indices.contains(stage.pass) {
      stages[stage.pass].append(number)
    }
    self.stages = stages
    firstEvents = recording.events.map { events in
      var first = [Int](repeating: 0, count: recording.stages.count + 1)
      for event in events where Int(event.stage) < recording.stages.count { first[Int(event.stage) + 1] += 1 }
      for stage in 0..<recording.stages.count { first[stage + 1] += first[stage] }
      return first
    }
    inPauses = recording.passes.enumerated().map { number, pass in
      recording.passes.enumerated().filter {
        $0.offset != number && $0.element.start >= pass.start && $0.element.end <= pass.end
      }.map(\.element)
    }
  }

  /// A worker's jobs and sections in a stage.
  ///
  /// A worker's events are in the order of their stages, since stages follow one another.
  func events(of stage: Int, worker: Int) -> ArraySlice<TimelineEvent> {
    recording.events[worker][firstEvents[worker][stage]..<firstEvents[worker][stage + 1]]
  }
}

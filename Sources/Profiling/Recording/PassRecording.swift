import Kernels
import Synchronization
import Touchstone

/// A recording of whatever passes a service runs for some time, in memory of a fixed size. When it is full,
/// no more is recorded.
package final class PassRecording: Sendable {
  /// A pass under way, and what the recorder was at before.
  package struct Token: Sendable {
    fileprivate let number: Int
    fileprivate let start: Int64
    fileprivate let pass: Pass
    fileprivate let before: (pass: Int, layer: Int?)
  }

  private struct State {
    var begun = 0
    var running = 0
    var isClosed = false
    /// The passes that were recorded whole, by number.
    var passes: [Int: Recording.Pass] = [:]
  }

  private let recorder: TimelineRecorder
  private let state = Mutex(State())

  /// 13 MB of events, however many threads; 9 MB of stages.
  package static let eventCount = 1 << 19
  package static let stageCount = 1 << 16

  /// - Parameter workerCount: the most threads that a pass uses.
  package init(
    workerCount: Int, eventCount: Int = PassRecording.eventCount, stageCount: Int = PassRecording.stageCount
  ) {
    recorder = TimelineRecorder(
      workerCount: workerCount, eventCapacity: eventCount / workerCount, stageCapacity: stageCount)
  }

  /// For the next pass; nil where it is not to be recorded.
  package func clock(threadCount: Int) -> StageClock? {
    guard threadCount <= recorder.workerCount else { return nil }
    return state.withLock { state in
      guard !state.isClosed else { return nil }
      return StageClock(workerCount: threadCount, recorder: recorder)
    }
  }

  /// To be called on the thread of the pass, before it: where it runs in the pause of another, the other goes
  /// on when it has ended.
  package func begin(_ pass: Pass) -> Token {
    let number = state.withLock { state in
      defer { state.begun += 1 }
      state.running += 1
      return state.begun
    }
    let before = (recorder.pass, recorder.layer)
    recorder.pass = number
    return Token(number: number, start: TimelineRecorder.now, pass: pass, before: before)
  }

  package func end(_ token: Token, wasGivenUp: Bool) {
    let end = TimelineRecorder.now
    (recorder.pass, recorder.layer) = token.before
    let isFull = recorder.droppedCount > 0
    state.withLock { state in
      state.running -= 1
      if isFull { state.isClosed = true }
      guard !isFull, !wasGivenUp else { return }
      state.passes[token.number] = Recording.Pass(
        start: token.start, end: end, tokens: token.pass.sequences.reduce(0) { $0 + $1.ids.count },
        sequences: token.pass.sequences.count, activations: token.pass.activations)
    }
  }

  /// No pass that begins is recorded any more.
  package func close() { state.withLock { $0.isClosed = true } }

  /// Whether nothing is recorded any more, and whether it has all ended.
  package var isClosed: Bool { state.withLock { $0.isClosed } }
  package var isIdle: Bool { state.withLock { $0.running == 0 } }

  /// The passes that were recorded whole. To be called when the recording is closed and idle.
  package func recording(kernels: String) -> Recording {
    let passes = state.withLock { $0.passes }.sorted { $0.key < $1.key }
    let numbers = Dictionary(
      uniqueKeysWithValues: passes.enumerated().map { ($0.element.key, $0.offset) })
    let stages = recorder.stages
    var places = [Int?](repeating: nil, count: stages.count)
    var kept: [TimelineStage] = []
    for (place, stage) in stages.enumerated() {
      guard let pass = numbers[stage.pass] else { continue }
      places[place] = kept.count
      kept.append(stage)
      kept[kept.count - 1].pass = pass
    }
    let events = (0..<recorder.workerCount).map { worker in
      recorder.events(of: worker).compactMap { event -> TimelineEvent? in
        guard Int(event.stage) < places.count, let place = places[Int(event.stage)] else { return nil }
        return TimelineEvent(start: event.start, end: event.end, stage: UInt32(place), item: event.item)
      }
    }
    return Recording(
      workerCount: recorder.workerCount, kernels: kernels, passes: passes.map(\.value), stages: kept,
      events: events)
  }
}

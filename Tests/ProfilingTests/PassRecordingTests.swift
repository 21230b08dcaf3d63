import Kernels
import Profiling
import TestModels
import Testing
import Touchstone

/// The recording of a service's passes.
@Suite struct PassRecordingTests {
  private func pass(_ count: Int, _ clock: StageClock?) -> Pass {
    Pass(
      [TokenSequence((1...count).map { Int32($0) })], pooling: .last, activations: .i8, chunkLength: 16,
      clock: clock)
  }

  @Test func aPassInAPauseIsApartFromThePausedOne() throws {
    let model = try RecordedPasses.demo().model
    let recording = PassRecording(workerCount: 2)
    let long = pass(64, recording.clock(threadCount: 2))
    let outer = recording.begin(long)
    var pauses = 0
    let states = model.run(long) { runInPause in
      pauses += 1
      if pauses == 6 {
        let short = pass(3, recording.clock(threadCount: 2))
        let inner = recording.begin(short)
        #expect(runInPause(short) != nil)
        recording.end(inner, wasGivenUp: false)
      }
      return true
    }
    #expect(states != nil)
    recording.end(outer, wasGivenUp: false)
    #expect(recording.isIdle && !recording.isClosed)
    recording.close()
    #expect(recording.clock(threadCount: 2) == nil)
    let recorded = recording.recording(kernels: "any")
    #expect(recorded.passes.map(\.tokens) == [64, 3])
    let timeline = Timeline(recorded, pass: 0)
    for worker in timeline.workers.indices {
      #expect(timeline.nanoseconds(ofWorker: worker) == recorded.passes[0].nanoseconds)
      let other = timeline.nanoseconds(ofWorker: worker, [.otherPass])
      #expect(other > 0 && other <= recorded.passes[1].nanoseconds)
    }
    // What follows the pause in its layer still belongs to that layer.
    let stages = recorded.stages.filter { $0.pass == 0 }
    let outside = stages.filter { $0.layer == nil }
    #expect(outside.map(\.operation) == [.lookUp] + Array(repeating: .normalize, count: 4))
    #expect(recorded.stages.contains { $0.pass == 1 })
  }

  @Test func onlyWholePassesAreKept() throws {
    let model = try RecordedPasses.demo().model
    let recording = PassRecording(workerCount: 2, eventCount: 1 << 14, stageCount: 150)
    for _ in 0..<3 {
      guard let clock = recording.clock(threadCount: 2) else { break }
      let short = pass(4, clock)
      let token = recording.begin(short)
      let states = model.run(short) { _ in true }
      recording.end(token, wasGivenUp: states == nil)
    }
    // The memory for stages is full: the recording ends by itself.
    #expect(recording.isClosed)
    let recorded = recording.recording(kernels: "any")
    #expect(recorded.passes.count < 3)
    #expect(recorded.stages.allSatisfy { recorded.passes.indices.contains($0.pass) })

    let other = PassRecording(workerCount: 2)
    let givenUp = pass(4, other.clock(threadCount: 2))
    let token = other.begin(givenUp)
    #expect(model.run(givenUp) { _ in false } == nil)
    other.end(token, wasGivenUp: true)
    #expect(other.recording(kernels: "any").stages.isEmpty)
  }

  @Test func aModelOfMoreThreadsIsNotRecorded() {
    #expect(PassRecording(workerCount: 2).clock(threadCount: 3) == nil)
  }
}

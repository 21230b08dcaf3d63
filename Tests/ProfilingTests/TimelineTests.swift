import Kernels
import Profiling
import TestModels
import Testing
import Touchstone

/// The recording of real passes: nothing is missing, nothing overlaps, and it adds up.
@Suite(.serialized) struct TimelineTests {
  @Test(arguments: ActivationPrecision.allCases)
  func aTimelineAddsUpToTheWallTimeOfItsPass(activations: ActivationPrecision) throws {
    let passes = try RecordedPasses(RecordedPasses.demo(), tokens: [64, 300, 7], activations: activations)
    for number in passes.recording.passes.indices {
      let timeline = Timeline(passes.recording, pass: number)
      for worker in timeline.workers.indices {
        let sum = Double(timeline.nanoseconds(ofWorker: worker)) / 1e9
        let wall = passes.wallSeconds[number]
        #expect(abs(sum / wall - 1) < 0.03, "worker \(worker): \(sum) s of \(wall) s")
      }
    }
  }

  @Test(arguments: ActivationPrecision.allCases)
  func segmentsOfAWorkerTouchAndNeverOverlap(activations: ActivationPrecision) throws {
    let passes = try RecordedPasses(RecordedPasses.demo(), tokens: [200, 3], activations: activations)
    for number in passes.recording.passes.indices {
      let timeline = Timeline(passes.recording, pass: number)
      for segments in timeline.workers {
        var now = timeline.pass.start
        for segment in segments {
          #expect(segment.start == now)
          #expect(segment.end >= segment.start)
          now = segment.end
        }
        #expect(now == timeline.pass.end)
      }
    }
  }

  @Test func everyJobOfEveryStageIsRecordedOnce() throws {
    let passes = try RecordedPasses(RecordedPasses.demo(), tokens: [300], activations: .i16)
    let recording = passes.recording
    var jobs: [UInt32: [UInt32]] = [:]
    for event in recording.events.joined() where event.item != TimelineEvent.unpacking {
      jobs[event.stage, default: []].append(event.item)
    }
    var divided = 0
    for (number, stage) in recording.stages.enumerated() {
      let items = jobs[UInt32(number)] ?? []
      #expect(items.sorted() == (stage.items > 1 ? (0..<UInt32(stage.items)).map { $0 } : []))
      divided += stage.items > 1 ? 1 : 0
    }
    #expect(divided > 10)
  }

  /// The clock of stages is older than the recorder, and the bench and the service stand on it.
  @Test func stagesAddUpToTheClockOfStages() throws {
    let passes = try RecordedPasses(RecordedPasses.demo(), tokens: [100, 100], activations: .i8)
    for number in passes.recording.passes.indices {
      var sums: [Stage: Int64] = [:]
      for stage in passes.recording.stages where stage.pass == number {
        sums[stage.stage, default: 0] += stage.end - stage.start
      }
      // There, unpacking is taken off the multiply.
      let clock = passes.stageSums[number]
      #expect(
        sums[.multiply] == (clock[.multiply]?.nanoseconds ?? 0) + (clock[.unpack]?.nanoseconds ?? 0))
      for kind in [Stage.attention, .norms, .elementwise, .quantize, .lookUp, .pooling] {
        #expect(sums[kind] == clock[kind]?.nanoseconds)
      }
    }
  }

  @Test func jobsLieInTheirStagesAndSectionsInTheirJobs() throws {
    let passes = try RecordedPasses(RecordedPasses.demo(), tokens: [150], activations: .i16)
    let recording = passes.recording
    var sections = 0
    for events in recording.events {
      for event in events {
        let stage = recording.stages[Int(event.stage)]
        #expect(event.start >= stage.start && event.end <= stage.end)
        guard event.item == TimelineEvent.unpacking else { continue }
        sections += 1
        #expect(stage.operation == .multiply)
        let isInside = events.contains {
          $0.item != TimelineEvent.unpacking && $0.stage == event.stage && $0.start <= event.start
            && $0.end >= event.end
        }
        #expect(isInside || stage.items == 1)
      }
    }
    #expect(sections > 50)
  }

  @Test func layersAndKernelsAreThoseOfTheModel() throws {
    let model = try RecordedPasses.demo()
    let recording = try RecordedPasses(model, tokens: [40], activations: .i8).recording
    #expect(Set(recording.stages.compactMap(\.layer)) == Set(0..<model.layerCount))
    let first = zip(recording.stages, recording.kernelNames).filter { $0.0.layer == 0 }.map(\.1)
    #expect(
      first.filter { $0 != .quantize } == [
        .norm, .queryKeyValue, .headNorm, .rotate, .headNorm, .rotate, .store, .attention, .attentionOutput,
        .residual, .norm, .gateUp, .swiGLU, .down, .residual,
      ])
    // The last layer goes on with the pooled token alone, whose query is a multiply of its own.
    let last = zip(recording.stages, recording.kernelNames).filter { $0.0.layer == model.layerCount - 1 }
    #expect(last.count { $0.1 == .queryKeyValue } == 2)
    #expect(last.first { $0.1 == .down }?.0.rows == 1)
  }

  @Test func aRecordingChangesNoBit() throws {
    let model = try RecordedPasses.demo()
    let recorder = TimelineRecorder(workerCount: 2, eventCapacity: 1 << 14, stageCapacity: 1 << 10)
    for activations in ActivationPrecision.allCases {
      var options = EmbeddingOptions()
      options.activations = activations
      let input = [EmbeddingInput("Time is recorded, never the vectors.")]
      let recorded = try model.embed(
        input, options: options, clock: StageClock(workerCount: 2, recorder: recorder))
      let plain = try model.embed(input, options: options)
      #expect(recorded[0].values.map(\.bitPattern) == plain[0].values.map(\.bitPattern))
    }
  }

  @Test func whatFindsNoRoomIsCounted() throws {
    let model = try RecordedPasses.demo()
    let recorder = TimelineRecorder(workerCount: 2, eventCapacity: 5, stageCapacity: 3)
    _ = try model.embed(
      [EmbeddingInput(.tokenIDs(Array(1...90)))], options: EmbeddingOptions(),
      clock: StageClock(workerCount: 2, recorder: recorder))
    #expect(recorder.stages.count == 3)
    #expect(recorder.events(of: 0).count <= 5)
    #expect(recorder.droppedCount > 0)
    let counts = recorder.counts
    #expect(counts.stages > 3 && counts.events > 10)
    recorder.reset()
    #expect(recorder.stages.isEmpty && recorder.droppedCount == 0 && recorder.events(of: 0).isEmpty)
  }
}

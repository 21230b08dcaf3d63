import Kernels
import Profiling
import TestModels
import Testing
import Touchstone
import Workbench

/// What travels from a service to `touchstone profile --service`.
@Suite struct RecordingFileTests {
  private static let peaks = MachinePeaks(
    floatOperations: 1.5e11, dotOperations: 2e12, tileOperations: nil, memoryBytes: 1e10)
  private static let roofs = MachineRoofs(
    peaks: peaks, kernels: "avx2", fastest: peaks, fastestKernels: "avx512",
    bandwidths: [.init(bytes: 1 << 15, bytesPerSecond: 2e11), .init(bytes: 1 << 28, bytesPerSecond: 1e10)])

  @Test func aRecordingComesBackAsItWas() throws {
    let recording = try RecordedPasses(
      RecordedPasses.demo(), tokens: [33, 120], activations: .i8
    ).recording
    let file = RecordingFile(recording, roofs: Self.roofs, processor: "made", processorCount: 2)
    let read = try RecordingFile(parsing: file.json)
    let origin = recording.passes[0].start
    #expect(read.recording.passes.map(\.start) == recording.passes.map { $0.start - origin })
    #expect(
      read.recording.stages.map(\.work)
        == recording.stages.map { stage in
          var work = stage.work
          work.nanoseconds = 0
          return work
        })
    #expect(read.recording.stages.map(\.layer) == recording.stages.map(\.layer))
    #expect(read.recording.stages.map(\.operation) == recording.stages.map(\.operation))
    #expect(read.recording.events.map(\.count) == recording.events.map(\.count))
    #expect(read.roofs == Self.roofs)
    #expect(read.processor == "made" && read.processorCount == 2)
    // Read and written again, nothing changes any more.
    #expect(read.json == file.json)
    #expect(read.recording.rooflinePoints == recording.rooflinePoints)
    #expect(
      GapAnalysis(read.recording, roofs: nil).gaps() == GapAnalysis(recording, roofs: nil).gaps())
  }

  @Test(arguments: [
    ("{}", "is not of the format 'touchstone recording 2'"),
    ("[1,", "is not JSON: expected a JSON value, found the end"),
    (made(threads: "0"), "has a number for 'threads' that is not from 1 to 1024"),
    (made(threads: "2"), "has no list of events for each of its 2 threads"),
    (made(passes: "[[5,4,1,1,0]]"), "has a number for 'passes' that is not from 5 to 1125899906842624"),
    (made(passes: "[[0,9,1,1,3]]"), "has a number for 'passes' that is not from 0 to 2"),
    (made(stages: "[[1]]"), "has an element of 'stages' that is not 15 numbers"),
    (
      made(stages: "[[1,0,-1,1,1,1,0,1,0,1,0,0,0,-1,0]]"), "has a number for 'stages' that is not from 0 to 0"
    ),
    (
      made(stages: "[[1,0,9999,0,1,1,0,1,0,1,0,0,0,-1,0]]"),
      "has a number for 'stages' that is not from -1 to 4095"
    ),
    (
      made(stages: "[[1,0,-1,0,1,1,0,1,0,1,9e99,0,0,-1,0]]"),
      "has a number for 'stages' that is not from 0 to 72057594037927936"
    ),
    (made(events: "[[0,1,0]]"), "has a list of events that is not four numbers each"),
    (made(events: "[[0,1,1,0]]"), "has a number for 'events' that is not from 0 to 0"),
    (made(passes: "[]"), "has stages of no pass"),
    (made(roofs: "{}"), "has roofs without names or bandwidths"),
  ])
  func whatIsNoRecordingIsRefused(json: String, sentence: String) {
    let error = #expect(throws: RecordingFileError.self) {
      try RecordingFile(parsing: Array(json.utf8))
    }
    #expect(error?.description == sentence)
  }

  @Test func theMadeOneIsSound() throws {
    let read = try RecordingFile(parsing: Array(Self.made().utf8))
    #expect(read.recording.stages.count == 1)
    #expect(read.recording.events == [[TimelineEvent(start: 0, end: 1, stage: 0, item: 0)]])
  }

  private static func made(
    threads: String = "1", passes: String = "[[0,9,1,1,0]]",
    stages: String = "[[1,0,-1,0,1,1,0,1,0,1,0,0,0,-1,0]]", events: String = "[[0,1,0,0]]",
    roofs: String = "null"
  ) -> String {
    "{\"format\":\"touchstone recording 2\",\"processor\":null,\"processor_count\":null,\"threads\":\(threads),"
      + "\"kernels\":\"k\",\"passes\":\(passes),\"stages\":\(stages),\"events\":\(events),\"roofs\":\(roofs)}"
  }
}

import KernelSelection
import Kernels
import Profiling
import TestModels
import Testing
import Touchstone
import Workbench

/// The table of gaps: known sums, and slowness that was planted.
@Suite(.serialized) struct GapTests {
  private func nanoseconds(_ gaps: [Gap], _ cause: Gap.Cause, _ kernel: KernelName?) -> Double {
    gaps.first { $0.cause == cause && $0.kernel == kernel }?.nanoseconds ?? 0
  }

  @Test func idleTimeHasItsCause() {
    let gaps = GapAnalysis(MadeRecording.unbalanced, roofs: nil).gaps()
    // Worker 0 waits 600 µs for worker 1, which began 50 µs late.
    #expect(nanoseconds(gaps, .waiting, .queryKeyValue) == 650_000)
    #expect(gaps.first?.worker == 1)
    // One job for two workers.
    #expect(nanoseconds(gaps, .smallBatch, .norm) == 200_000)
    // 100 µs before, between and after the stages, for both.
    #expect(nanoseconds(gaps, .between, nil) == 600_000)
    #expect(gaps.count == 3)
    #expect(gaps.map(\.nanoseconds) == gaps.map(\.nanoseconds).sorted(by: >))
    #expect(abs((gaps.first?.share ?? 0) - 650_000 / 2_800_000) < 1e-12)
  }

  @Test func aJobThatTakesFarLongerIsAWait() {
    let jobs = (0..<9).map {
      MadeRecording.event(0, $0, from: Int64($0) * 100_000, to: Int64($0 + 1) * 100_000)
    }
    let recording = MadeRecording.recording(
      [MadeRecording.stage(.multiply, .multiply, items: 10, from: 0, to: 900_000)],
      [jobs, [MadeRecording.event(0, 9, from: 0, to: 900_000)]], to: 900_000)
    let gaps = GapAnalysis(recording, roofs: nil).gaps()
    #expect(gaps.map(\.cause) == [.waiting])
    #expect(gaps.first?.nanoseconds == 800_000)
    #expect(gaps.first?.worker == 1)
  }

  private func roofs(
    dots: Double, fastest: Double? = nil, bandwidth: Double = 1e15
  ) -> MachineRoofs {
    func peaks(_ dots: Double) -> MachinePeaks {
      MachinePeaks(floatOperations: 1, dotOperations: dots, tileOperations: nil, memoryBytes: bandwidth)
    }
    return MachineRoofs(
      peaks: peaks(dots), kernels: "slow", fastest: peaks(fastest ?? dots),
      fastestKernels: fastest == nil ? "slow" : "fast",
      bandwidths: [.init(bytes: 1024, bytesPerSecond: bandwidth)])
  }

  /// One worker multiplies for a second: 13 tokens in tiles of 6, 64 columns, 40 outputs.
  private func multiply(unpacking: Int64) -> Recording {
    MadeRecording.recording(
      [
        MadeRecording.stage(
          .multiply, .multiply, rows: 13, tileRows: 6, items: 1, from: 0, to: 1_000_000_000, weights: 1000,
          outputs: 40)
      ], [[MadeRecording.event(0, .max, from: 0, to: unpacking)]], to: 1_000_000_000)
  }

  @Test func timeAboveTheRoofIsDivided() {
    let operations = Double(2 * 13 * 64 * 40)
    // Half of the second is arithmetic at the peak.
    let gaps = GapAnalysis(multiply(unpacking: 100_000_000), roofs: roofs(dots: 2 * operations)).gaps()
    #expect(abs(nanoseconds(gaps, .smallBatch, .queryKeyValue) - 1e8) < 1)
    // 18 tokens in the place of 13, 64 rows in that of 40.
    let edge = 5e8 * (18.0 / 13 * 64 / 40 - 1)
    #expect(edge > 4e8)
    #expect(abs(nanoseconds(gaps, .edgeTiles, .queryKeyValue) - 4e8) < 1)
    #expect(nanoseconds(gaps, .kernel, .queryKeyValue) == 0)
    #expect(nanoseconds(gaps, .memory, .queryKeyValue) == 0)
  }

  @Test func bytesThatComeTooSlowlyAreMemory() {
    let operations = Double(2 * 13 * 64 * 40)
    let bytes = 1000.0 + 13 * 64 + 4 * 13 * 40
    let gaps = GapAnalysis(
      multiply(unpacking: 0), roofs: roofs(dots: 10 * operations, bandwidth: bytes / 0.8)
    ).gaps()
    #expect(gaps.first?.cause == .memory)
    #expect(abs(nanoseconds(gaps, .memory, .queryKeyValue) - 7e8) < 1)
  }

  @Test func aSlowerInstructionSetIsNamedFirst() {
    let operations = Double(2 * 13 * 64 * 40)
    let gaps = GapAnalysis(
      multiply(unpacking: 200_000_000), roofs: roofs(dots: 2 * operations, fastest: 20 * operations)
    ).gaps()
    #expect(gaps.first?.cause == .instructionSet)
    #expect(abs(nanoseconds(gaps, .instructionSet, .queryKeyValue) - 9e8) < 1)
  }

  @Test func gapsAreNoMoreThanTheTimeThereIs() throws {
    var options = ProfileOptions()
    options.threadCount = 2
    options.work = .tokens(200)
    options.repetitions = 2
    let report = try Profiler(path: TestModels.demo, options: options).run()
    let gaps = GapAnalysis(report.recording, roofs: report.roofs).gaps(limit: 1000)
    #expect(gaps.reduce(0) { $0 + $1.share } <= 1)
    #expect(gaps.allSatisfy { $0.share > 0 })
    #expect(report.gaps == Array(gaps.prefix(10)))
  }

  /// Planted: one of two workers begins each job twenty milliseconds late. It is the one that has jobs in
  /// every stage, however busy the machine is.
  @Test func aDelayedWorkerIsWhatTheTableNamesFirst() throws {
    var options = ProfileOptions()
    options.threadCount = 2
    options.work = .tokens(64)
    options.repetitions = 3
    options.delay = (0, 20_000_000)
    let report = try Profiler(path: TestModels.demo, options: options).run()
    let first = try #require(report.gaps.first)
    #expect(first.cause == .waiting)
    #expect(first.worker == 0)
    // And without the plant, no such share.
    options.delay = nil
    let plain = try Profiler(path: TestModels.demo, options: options).run()
    let waits = plain.gaps.first { $0.cause == .waiting }?.nanoseconds ?? 0
    #expect(waits < first.nanoseconds)
  }
}

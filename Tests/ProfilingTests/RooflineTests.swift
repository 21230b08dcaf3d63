import Kernels
import Profiling
import TestModels
import Testing
import Touchstone
import Workbench

@Suite(.serialized) struct RooflineTests {
  /// Only an idle machine can say whether they lie under their roofs; `aKernelAboveItsRoofIsSaid` has the
  /// case of a busy one.
  @Test(arguments: ActivationPrecision.allCases)
  func everyKernelThatComputesIsAPoint(activations: ActivationPrecision) throws {
    var options = ProfileOptions()
    options.threadCount = 2
    options.activations = activations
    options.work = .tokens(256)
    options.repetitions = 3
    let report = try Profiler(path: TestModels.demo, options: options).run()
    let roofs = try #require(report.roofs)
    #expect(report.points.count >= 8)
    for point in report.points {
      #expect(point.operationsPerSecond > 0 && point.roof(roofs) > 0)
      #expect(point.shareOfRoof(roofs) * point.roof(roofs) / point.operationsPerSecond - 1 < 1e-9)
    }
    #expect(
      Set(report.pointsAboveTheirRoofs)
        == Set(report.points.filter { $0.operationsPerSecond > 1.03 * $0.roof(roofs) }.map(\.name)))
  }

  /// A multiply of 98,304 operations in 0.9 milliseconds: 109 million a second.
  @Test(arguments: [(2e8, false), (1.07e8, false), (1e8, true)])
  func aKernelAboveItsRoofIsSaid(peak: Double, isAbove: Bool) {
    let peaks = MachinePeaks(floatOperations: 5e7, dotOperations: peak, tileOperations: nil, memoryBytes: 1)
    let roofs = MachineRoofs(
      peaks: peaks, kernels: "made", fastest: peaks, fastestKernels: "made",
      bandwidths: [.init(bytes: 1, bytesPerSecond: 1e12)])
    let report = ProfileReport(
      subject: ProfileSubject(name: "made"), recording: MadeRecording.unbalanced, roofs: roofs)
    #expect(report.pointsAboveTheirRoofs == (isAbove ? [.queryKeyValue] : []))
    #expect(ProfilePage(report).html.contains(ProfileReport.busyWhilePeaks) == isAbove)
  }

  /// From the model's shapes alone.
  @Test func operationsAreThoseOfTheMatrices() throws {
    let model = try RecordedPasses.demo()
    let recording = try RecordedPasses(model, tokens: [50], activations: .i16).recording
    let c = model.configuration
    let tokens = recording.passes[0].tokens
    let (keys, queries) = (c.keyValueHeadCount * c.headDimension, c.headCount * c.headDimension)
    let perToken = c.hiddenSize * queries * 2 + 3 * c.hiddenSize * c.feedForwardSize
    let keyValue = 2 * c.hiddenSize * keys
    // In the last layer only the last token has a query and goes on.
    let products =
      c.layerCount * tokens * keyValue + ((c.layerCount - 1) * tokens + 1) * perToken
    let counted = zip(recording.kernelNames, recording.kernelWork).filter { $0.0.isMultiply }
      .reduce(0) { $0 + $1.1.operations }
    // A multiplication and an addition each; twice with 16 bits, where the weights are integers.
    #expect(counted == Double(4 * products))
  }

  @Test func bandwidthIsThatOfTheNextSmallerWorkingSet() {
    let peaks = MachinePeaks(
      floatOperations: 10, dotOperations: 100, tileOperations: nil, memoryBytes: 1)
    let roofs = MachineRoofs(
      peaks: peaks, kernels: "a", fastest: peaks, fastestKernels: "a",
      bandwidths: [.init(bytes: 100, bytesPerSecond: 8), .init(bytes: 1000, bytesPerSecond: 2)])
    #expect(roofs.bandwidth(forBytes: 50) == 8)
    #expect(roofs.bandwidth(forBytes: 999) == 8)
    #expect(roofs.bandwidth(forBytes: 1000) == 2)
    #expect(roofs.bandwidth(forBytes: 1e9) == 2)
    var work = KernelWork()
    work.operations = 40
    work.bytes = 40
    #expect(roofs.roof(work, callBytes: 5000) == 2)
    work.bytes = 1
    #expect(roofs.roof(work, callBytes: 5000) == 10)
    work.unit = .integer
    #expect(roofs.roof(work, callBytes: 5000) == 80)
  }
}

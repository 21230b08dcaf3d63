import KernelSelection
import Kernels
import TestSupport
import Testing

/// Steps that share a job give the bits of the operations one after the other.
@Suite struct RowStepTests {
  static let (tokens, hidden, rows) = (37, 256, 96)
  static let precisions: [IntegerPrecision?] = [nil, .i8, .i16]

  /// The residual stream, an addend, a norm's weights, and a matrix.
  private struct Problem {
    let hidden: [Float]
    let update: [Float]
    let norm: [Float]
    let matrix: IntegerProblem

    init() {
      var random = SeededGenerator(seed: 31)
      hidden = random.floats(RowStepTests.tokens * RowStepTests.hidden)
      update = random.floats(RowStepTests.tokens * RowStepTests.hidden, scale: 3)
      norm = random.floats(RowStepTests.hidden)
      matrix = IntegerProblem(
        .q4_K, .i8, rows: RowStepTests.rows, columns: RowStepTests.hidden, tokens: 1, seed: 32)
    }

    /// The residual stream and the product after a sum, a norm and a multiply.
    func run(_ compute: Compute, joined: Bool, whenDone: (([Float], [Float]) -> Void)? = nil) -> [[UInt32]] {
      let x = Activations(columnCount: RowStepTests.hidden, values: hidden)
      let addend = Activations(columnCount: RowStepTests.hidden, values: update)
      let normed = Activations(columnCount: RowStepTests.hidden)
      let output = Activations(columnCount: RowStepTests.rows)
      let all = 0..<RowStepTests.tokens
      matrix.weights.withUnsafeBytes { bytes in
        let weights = WeightMatrix(
          format: .q4_K, rowCount: RowStepTests.rows, columnCount: RowStepTests.hidden, bytes: bytes)
        if joined {
          var adding = compute.adding(addend, to: x, rows: all)
          if let whenDone { adding = adding.whenDone { whenDone(x.values, normed.values) } }
          let normalizing = compute.normalizing(x, rows: all, weight: norm, epsilon: 1e-6, into: normed)
          compute.multiply(normed, by: [weights], into: [output], after: [adding, normalizing])
        } else {
          compute.add(addend, to: x, rows: all)
          compute.normalize(x, rows: all, weight: norm, epsilon: 1e-6, into: normed)
          compute.multiply(normed, by: [weights], into: [output])
        }
      }
      return [x.values.bits, normed.values.bits, output.values.bits]
    }
  }

  @Test(arguments: RowStepTests.precisions)
  func stepsBeforeAMultiplyAreThoseOperations(_ precision: IntegerPrecision?) {
    let problem = Problem()
    for (name, compute) in everyCompute() {
      let compute = compute.with(integerPrecision: precision)
      #expect(problem.run(compute, joined: true) == problem.run(compute, joined: false), "\(name)")
    }
  }

  /// On a clock every step has a stage of its own, and says that it would join the next.
  @Test func aClockSeesEveryStep() {
    let recorder = TimelineRecorder(workerCount: 2, eventCapacity: 1000, stageCapacity: 10)
    let clock = StageClock(workerCount: 2, recorder: recorder)
    let compute = Compute(kernels: supportedKernels()[0], workers: Workers(count: 2))
      .with(integerPrecision: .i8)
    let problem = Problem()
    let recorded = problem.run(compute.with(clock: clock), joined: true)
    #expect(recorded == problem.run(compute, joined: true))
    #expect(recorder.stages.map { $0.operation } == [.add, .normalize, .quantize, .multiply])
    #expect(recorder.stages.map { $0.joinsNext } == [true, true, false, false])
    #expect(recorder.stages.allSatisfy { $0.precision == .i8 })
  }

  /// Whoever looks at a step sees all of its rows, and nothing of the next step.
  @Test func aWatchedStepIsDoneBeforeTheNext() {
    let compute = Compute(kernels: supportedKernels()[0], workers: Workers(count: 3))
      .with(integerPrecision: .i8)
    let problem = Problem()
    var seen: [[UInt32]] = []
    let watched = problem.run(compute, joined: true) { seen = [$0.bits, $1.bits] }
    #expect(seen.count == 2 && seen.first == watched[0])
    #expect(seen.last != watched[1])
    #expect(watched == problem.run(compute, joined: true))
  }
}

import KernelSelection
import Kernels
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// Compares all instruction sets with the definition, and their bits with each other.
  private func check(_ problem: AttentionProblem, _ comment: Comment) {
    let expected = problem.reference()
    var first: [Float] = []
    for (name, compute) in everyCompute() {
      let output = problem.solve(with: compute)
      if first.isEmpty {
        first = output
        let worst = zip(zip(output, expected.values), expected.tolerances)
          .map { abs(Double($0.0) - $0.1) / $1 }.max()!
        #expect(output.count == expected.values.count)
        #expect(worst <= 1, "\(name), \(comment): \(worst) of the tolerance")
      }
      #expect(output.bits == first.bits, "\(name), \(comment)")
    }
  }

  @Test(arguments: [2, 16, 40, 48, 80, 96, 128, 256])
  func headDimensions(_ dimension: Int) {
    check(AttentionProblem(lengths: [37], keyValueHeadCount: 1, headDimension: dimension), "\(dimension)")
  }

  @Test(arguments: 1...7)
  func groupSizes(_ groupSize: Int) {
    check(AttentionProblem(lengths: [50], groupSize: groupSize, keyValueHeadCount: 2), "\(groupSize)")
  }

  /// One token, the edges of vectors (8, 16 rows), of blocks (32), of tiles (192 rows,
  /// here of one position each) and of steps (192 keys).
  @Test(arguments: [1, 2, 5, 6, 7, 15, 16, 17, 31, 32, 33, 95, 96, 97, 127, 128, 129, 191, 192, 193, 385])
  func lengths(_ length: Int) {
    check(
      AttentionProblem(lengths: [length], groupSize: 1, keyValueHeadCount: 1, headDimension: 8), "\(length)")
  }

  @Test func mixedLengths() {
    check(AttentionProblem(lengths: [3, 1, 200, 33, 1, 64, 7], headDimension: 4), "mixed")
  }

  /// A chunk ends anywhere, also within what would be one tile or one step.
  @Test func chunksDoNotChangeBits() {
    let problem = AttentionProblem(lengths: [250, 5, 70], headDimension: 8)
    let compute = everyCompute()[0].compute
    let whole = problem.solve(with: compute)
    for chunkLength in [1, 7, 48, 100, 193, 255] {
      #expect(problem.solve(with: compute, chunkLength: chunkLength).bits == whole.bits, "\(chunkLength)")
    }
  }

  /// A row alone in its tile, as the pooled tokens of the last layer are.
  @Test func rowsAloneHaveTheSameBits() {
    let problem = AttentionProblem(lengths: [250, 5, 70], groupSize: 3, headDimension: 8)
    let compute = everyCompute()[0].compute
    let whole = problem.solve(with: compute)
    let rows = [0, 1, 100, 191, 192, 249, 254, 324]
    let expected = rows.flatMap { whole[$0 * problem.querySize..<($0 + 1) * problem.querySize] }
    #expect(problem.solve(onlyRows: rows, with: compute).bits == expected.bits)
  }

  @Test func neighborsInTheBatchDoNotChangeBits() {
    let batch = AttentionProblem(lengths: [40, 21, 9])
    var alone = AttentionProblem(lengths: [21])
    alone.queries = Array(batch.queries[40 * batch.querySize..<61 * batch.querySize])
    alone.keys = Array(batch.keys[40 * batch.keyValueSize..<61 * batch.keyValueSize])
    alone.values = Array(batch.values[40 * batch.keyValueSize..<61 * batch.keyValueSize])
    let compute = everyCompute()[0].compute
    let expected = batch.solve(with: compute)[40 * batch.querySize..<61 * batch.querySize]
    #expect(alone.solve(with: compute).bits == Array(expected).bits)
  }

  /// One key: its value, whatever the score.
  @Test func aSingleKeyIsItsValue() {
    var problem = AttentionProblem(lengths: [1], groupSize: 1, keyValueHeadCount: 1, headDimension: 20)
    problem.values[3] = -0x1p-133
    for (_, compute) in everyCompute() {
      #expect(problem.solve(with: compute) == problem.values)
    }
  }

  /// Scores of thousands: the largest key takes all, and nothing overflows.
  @Test func hugeScores() {
    let problem = AttentionProblem(lengths: [200], headDimension: 8, queryScale: 1e5)
    check(problem, "huge")
    let output = problem.solve(with: everyCompute()[0].compute)
    #expect(output.allSatisfy { abs($0) <= 1 })
  }

  /// Keys that come one after the other and each outweigh all before: every step corrects the sums.
  @Test func risingScores() {
    var problem = AttentionProblem(lengths: [400], groupSize: 1, keyValueHeadCount: 1, headDimension: 2)
    for row in 0..<400 {
      (problem.queries[2 * row], problem.queries[2 * row + 1]) = (1, 0)
      (problem.keys[2 * row], problem.keys[2 * row + 1]) = (Float(row) / 4, 0)
    }
    check(problem, "rising")
    problem.keys.reverse()
    check(problem, "falling")
  }

  @Test func zerosAreNeverNegative() {
    var problem = AttentionProblem(lengths: [40], headDimension: 3)
    problem.values = problem.values.map { _ in -0.0 }
    for (name, compute) in everyCompute() {
      #expect(problem.solve(with: compute).allSatisfy { $0.bitPattern == 0 }, "\(name)")
    }
  }

  /// Products that underflow leave a zero whose sign depends on the tile's other keys, but for the last step.
  @Test func subnormalValues() {
    var problem = AttentionProblem(
      lengths: [30], groupSize: 1, keyValueHeadCount: 1, headDimension: 2, queryScale: 40)
    problem.values = problem.values.map { $0 * 0x1p-146 }
    check(problem, "subnormal")
    let compute = everyCompute()[0].compute
    #expect(problem.solve(with: compute, chunkLength: 1).bits == problem.solve(with: compute).bits)
  }
}

import KernelSelection
import Kernels
import TestSupport
import Testing

/// Attention of the 8-bit mode.
@Suite struct IntegerAttentionTests {
  private let computes = everyCompute().map { ($0.name, $0.compute.with(integerPrecision: .i8)) }

  /// Compares all instruction sets with the definition, and their bits with each other.
  private func check(_ problem: AttentionProblem, _ comment: Comment) {
    let expected = problem.reference()
    let tolerances = zip(expected.tolerances, problem.roundingTolerances()).map { $0 + $1 }
    var first: [Float] = []
    for (name, compute) in computes {
      let output = problem.solve(with: compute)
      if first.isEmpty {
        first = output
        let worst = zip(zip(output, expected.values), tolerances)
          .map { abs(Double($0.0) - $0.1) / $1 }.max()!
        #expect(worst <= 1, "\(name), \(comment): \(worst) of the tolerance")
      }
      #expect(output.bits == first.bits, "\(name), \(comment)")
    }
  }

  @Test(arguments: [16, 48, 80, 96, 128, 256])
  func headDimensions(_ dimension: Int) {
    check(AttentionProblem(lengths: [37], keyValueHeadCount: 1, headDimension: dimension), "\(dimension)")
  }

  @Test(arguments: 1...7)
  func groupSizes(_ groupSize: Int) {
    check(AttentionProblem(lengths: [50], groupSize: groupSize, keyValueHeadCount: 2), "\(groupSize)")
  }

  /// One token, the edges of vectors, of pairs and groups of keys, of blocks, tiles and steps.
  @Test(arguments: [1, 2, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 95, 96, 97, 191, 192, 193, 200, 385])
  func lengths(_ length: Int) {
    check(AttentionProblem(lengths: [length], groupSize: 1, keyValueHeadCount: 1), "\(length)")
  }

  /// Where the head dimension is not a multiple of 16, it is the float tile that computes.
  @Test func otherHeadDimensionsMeetFloats() {
    let problem = AttentionProblem(lengths: [37], headDimension: 40)
    let floats = problem.solve(with: everyCompute()[0].compute)
    #expect(problem.solve(with: computes[0].1).bits == floats.bits)
    let sixteen = AttentionProblem(lengths: [37], headDimension: 16)
    #expect(sixteen.solve(with: computes[0].1).bits != sixteen.solve(with: everyCompute()[0].compute).bits)
  }

  @Test func chunksDoNotChangeBits() {
    let problem = AttentionProblem(lengths: [250, 5, 70])
    let whole = problem.solve(with: computes[0].1)
    for chunkLength in [1, 7, 48, 100, 193, 255] {
      #expect(
        problem.solve(with: computes[0].1, chunkLength: chunkLength).bits == whole.bits, "\(chunkLength)")
    }
  }

  @Test func rowsAloneHaveTheSameBits() {
    let problem = AttentionProblem(lengths: [250, 5, 70], groupSize: 3)
    let whole = problem.solve(with: computes[0].1)
    let rows = [0, 1, 100, 191, 192, 249, 254, 324]
    let expected = rows.flatMap { whole[$0 * problem.querySize..<($0 + 1) * problem.querySize] }
    #expect(problem.solve(onlyRows: rows, with: computes[0].1).bits == expected.bits)
  }

  /// The largest sums of products that there are: all components, all weights and all values at their limits.
  @Test(arguments: [16, 128, 256])
  func largestSums(_ dimension: Int) {
    var problem = AttentionProblem(
      lengths: [192], groupSize: 1, keyValueHeadCount: 1, headDimension: dimension)
    for sign in [Float(1), -1] {
      problem.queries = problem.queries.map { _ in 1 }
      problem.keys = problem.keys.map { _ in sign }
      problem.values = problem.values.map { _ in sign }
      check(problem, "\(dimension), \(sign)")
    }
  }

  /// Rows of zeros, of subnormals and of the largest numbers beside ordinary ones.
  @Test func extremeScales() {
    var problem = AttentionProblem(lengths: [40], groupSize: 1, keyValueHeadCount: 1)
    for (row, scale) in [(3, Float(0)), (4, 0x1p-140), (5, 0x1p-60), (20, 0x1p60)] {
      for column in 16 * row..<16 * row + 16 {
        problem.queries[column] *= scale
        problem.keys[column] *= min(scale, 1)
        problem.values[column] *= scale
      }
    }
    check(problem, "scales")
  }

  @Test func hugeScores() {
    let problem = AttentionProblem(lengths: [200], queryScale: 1e5)
    for (name, compute) in computes {
      #expect(problem.solve(with: compute).allSatisfy { abs($0) <= 1.001 }, "\(name)")
    }
  }

  /// Every row that sees a spoilt value is spoilt, and no other.
  @Test func anInfinityOrNaNSpoilsWhoSeesIt() {
    for bad in [Float.infinity, -.infinity, .nan] {
      var problem = AttentionProblem(lengths: [230], groupSize: 1, keyValueHeadCount: 1)
      let clean = problem.solve(with: computes[0].1)
      problem.values[16 * 100 + 3] = bad
      for (name, compute) in computes {
        let output = problem.solve(with: compute)
        #expect(output[..<1600].elementsEqual(clean[..<1600]), "\(name)")
        #expect(output[1600...].allSatisfy { !$0.isFinite }, "\(name)")
      }
    }
  }
}

extension AttentionProblem {
  /// How far the rounding of ``IntegerAttentionTile`` may move each output.
  ///
  /// A component of a query is rounded by up to half its scale, `|q|max / 2M`, a key's likewise, so a score
  /// moves by up to Δ = `scale · d · |q|max · |k|max · (1/M + 1/4M²)`, a weight by a factor within e^±2Δ (its
  /// own score's and the maximum's). Values are rounded by `|v|max / 2730`; of n weights each by 1/16382 of
  /// the largest, with a value of up to
  /// |v|max, where the sum of all is at least the largest of them.
  func roundingTolerances() -> [Double] {
    let limit = min(32767, (Double(Int32.max) / Double(headDimension)).squareRoot().rounded(.down))
    var tolerances: [Double] = []
    for (sequence, length) in lengths.enumerated() {
      for position in 0..<length {
        for head in 0..<keyValueHeadCount * groupSize {
          let row = sequences.starts[sequence] + position
          let query = largest(queries, row * querySize + head * headDimension)
          let visible = sequences.starts[sequence]...row
          let column = head / groupSize * headDimension
          let key = visible.map { largest(keys, $0 * keyValueSize + column) }.max()!
          let value = visible.map { largest(values, $0 * keyValueSize + column) }.max()!
          let delta =
            Double(scale) * Double(headDimension) * query * key * (1 / limit + 1 / (4 * limit * limit))
          let weights = 2 * (exponential(2 * delta) - 1)
          let tolerance = value * (weights + 1 / 2730 + Double(position + 1) / 16382 * exponential(2 * delta))
          tolerances += Array(repeating: tolerance * (1 + 0x1p-20), count: headDimension)
        }
      }
    }
    return tolerances
  }

  private func largest(_ floats: [Float], _ start: Int) -> Double {
    Double(floats[start..<start + headDimension].reduce(0) { max($0, abs($1)) })
  }
}

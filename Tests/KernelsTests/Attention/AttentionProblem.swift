import Kernels
import TestSupport

/// Queries, keys and values of a batch, and what attention makes of them by its definition, in float64.
struct AttentionProblem {
  let lengths: [Int]
  let groupSize: Int
  let keyValueHeadCount: Int
  let headDimension: Int
  /// [rows, keyValueHeadCount · groupSize · headDimension]
  var queries: [Float]
  /// [rows, keyValueHeadCount · headDimension] each
  var keys: [Float]
  var values: [Float]

  init(
    lengths: [Int], groupSize: Int = 2, keyValueHeadCount: Int = 2, headDimension: Int = 16, seed: UInt64 = 1,
    queryScale: Float = 4
  ) {
    self.lengths = lengths
    self.groupSize = groupSize
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    var random = SeededGenerator(seed: seed)
    let rowCount = lengths.reduce(0, +)
    queries = random.floats(rowCount * keyValueHeadCount * groupSize * headDimension, scale: queryScale)
    keys = random.floats(rowCount * keyValueHeadCount * headDimension)
    values = random.floats(rowCount * keyValueHeadCount * headDimension)
  }

  var sequences: PackedSequences { PackedSequences(lengths: lengths) }
  var scale: Float { 1 / Float(headDimension).squareRoot() }
  var querySize: Int { keyValueHeadCount * groupSize * headDimension }
  var keyValueSize: Int { keyValueHeadCount * headDimension }

  /// What `compute` makes of it, its rows taken in chunks of `chunkLength`, as the engine does. [rows,
  /// querySize]
  func solve(with compute: Compute, chunkLength: Int = .max) -> [Float] {
    let rowCount = sequences.rowCount
    let store = KeyValueStore(headCount: keyValueHeadCount, headDimension: headDimension)
    store.resize(for: sequences)
    let output = Activations(columnCount: querySize)
    return stride(from: 0, to: rowCount, by: min(chunkLength, rowCount)).flatMap { first -> [Float] in
      let rows = first..<min(first + min(chunkLength, rowCount), rowCount)
      let runs = sequences.runs(in: rows)
      compute.store(
        keys: matrix(keys, rows, keyValueSize), values: matrix(values, rows, keyValueSize), runs: runs,
        in: store)
      compute.attend(
        matrix(queries, rows, querySize), runs: runs, keysAndValues: store, scale: scale, into: output)
      return output.values
    }
  }

  /// The answers for the rows `rows` alone, each as a run of its own. [rows, querySize]
  func solve(onlyRows rows: [Int], with compute: Compute) -> [Float] {
    let store = KeyValueStore(headCount: keyValueHeadCount, headDimension: headDimension)
    store.resize(for: sequences)
    let all = 0..<sequences.rowCount
    compute.store(
      keys: matrix(keys, all, keyValueSize), values: matrix(values, all, keyValueSize),
      runs: sequences.runs(in: all), in: store)
    let output = Activations(columnCount: querySize)
    compute.attend(
      Activations(
        columnCount: querySize, values: rows.flatMap { queries[$0 * querySize..<($0 + 1) * querySize] }),
      runs: sequences.runs(ofRows: rows), keysAndValues: store, scale: scale, into: output)
    return output.values
  }

  private func matrix(_ values: [Float], _ rows: Range<Int>, _ columnCount: Int) -> Activations {
    Activations(
      columnCount: columnCount,
      values: Array(values[rows.lowerBound * columnCount..<rows.upperBound * columnCount]))
  }
}

extension AttentionProblem {
  struct Answer {
    var values: [Double] = []
    /// How far each value of a float32 computation may be from `values`.
    var tolerances: [Double] = []
  }

  /// The definition, in float64.
  ///
  /// The bound, with u the unit roundoff and n keys: a score is a product with the scale and a sum of d
  /// products, one rounding each, so within `(d + 1)·u·S`, S = max_j scale·Σ|q·k_j|; the difference from the
  /// maximum, whose own error counts too, is rounded once, `u·R`, R = max_j |s_j − m|; e^x is within 2u. So a
  /// weight is within δ = `2·(d + 1)·u·S + u·R + 2u` of its size, the sums of n weights and of n products
  /// within `n·u` more each, and corrections, quotient and last product within `4·u` a step of keys, of which
  /// there are at most n: together `2·(δ + 3·n·u + 4·u)` of the largest |v|. Weights below e^−87 are e^−87.
  func reference() -> Answer {
    var answer = Answer()
    for (sequence, length) in lengths.enumerated() {
      for position in 0..<length {
        for head in 0..<keyValueHeadCount * groupSize {
          append(sequence, position, head, to: &answer)
        }
      }
    }
    return answer
  }

  private func append(_ sequence: Int, _ position: Int, _ head: Int, to answer: inout Answer) {
    let start = sequences.starts[sequence]
    let query = (start + position) * querySize + head * headDimension
    let column = head / groupSize * headDimension
    var scores: [Double] = []
    var largestSum = 0.0
    for key in 0...position {
      let first = (start + key) * keyValueSize + column
      let products = (0..<headDimension).map {
        Double(queries[query + $0]) * Double(keys[first + $0]) * Double(scale)
      }
      scores.append(products.reduce(0, +))
      largestSum = max(largestSum, products.reduce(0) { $0 + abs($1) })
    }
    let maximum = scores.max()!
    let weights = scores.map { exponential($0 - maximum) }
    let sum = weights.reduce(0, +)
    let range = scores.map { maximum - $0 }.max()!
    let delta =
      (2 * Double(headDimension + 1) * largestSum + range + 2 + Double(3 * scores.count + 4)) * unitRoundoff
    for index in 0..<headDimension {
      let column = (0...position).map { Double(values[(start + $0) * keyValueSize + column + index]) }
      answer.values.append(zip(weights, column).reduce(0) { $0 + $1.0 * $1.1 } / sum)
      answer.tolerances.append(
        (2 * delta + Double(scores.count) * 1.7e-38) * column.reduce(0) { max($0, abs($1)) } + 1e-44)
    }
  }
}

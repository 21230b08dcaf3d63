import CInstructions

/// One tile of attention with 16-bit integers: ``AttentionTile`` for the 8-bit mode, in about half its
/// multiplications.
///
/// Both products become exact integer sums of pairs, each with a scale for every row and a scale for every
/// key:
///
///     s_j = (Σ_i q[i] · k_j[i]) · keyScale_j                      integers −M…M, M = √(2³¹ / headDimension)
///     w_j = e^((s_j − max s) · queryScale)
///     p_j = w_j · valueScale_j · (8191 / largest of them)         rounded; the largest of this step's keys
///     output ← output · correction + (Σ_j p_j · v_j) · (largest / 8191)        v_j[i] integers −1365…1365
///
/// With 128 components M is 4095: what is lost is a hundredth of what rounding activations to 8 bits loses.
/// 192 · 8191 · 1365 fits 32 bits. Steps, running maximum and running sum (of the w_j, not rounded) are the
/// float tile's, and so is the rule: a row's bits depend on its query and on the keys and values that it
/// sees. A key's scale is its own, a weight's is taken from the keys that its row sees.
///
/// Keys and values are rounded again for each tile: a tenth of its time, and no memory that grows with the
/// text.
///
/// Limited by the dot products of pairs (64 for the 128 multiply-adds of the float tile) and by the
/// exponential.
///
/// - Requires: a head dimension that is a multiple of 16.
public enum IntegerAttentionTile<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  static var weightLimit: Float { 8191 }
  @inlinable @inline(__always)
  static var valueLimit: Float { 1365 }

  /// The largest M with `headDimension · M² < 2³¹` that 16 bits hold.
  @inlinable @inline(__always)
  static func scoreLimit(headDimension: Int) -> Float {
    Float(min(32767, (Double(Int32.max) / Double(headDimension)).squareRoot().rounded(.down)))
  }

  @inlinable @inline(__always)
  public static func run(_ tile: AttentionTileArguments) {
    let scratch = IntegerAttentionScratch(tile.scratch, headDimension: tile.headDimension)
    AttentionTile<Instructions>.transposeQueries(tile, scratch.floats)
    roundQueries(tile, scratch)
    scratch.floats.reset(rowCount: tile.rowCount)
    let keyCount = tile.keyCount
    var firstKey = 0
    while firstKey < keyCount {
      let step = AttentionStep(
        firstKey: firstKey, keyCount: min(AttentionScratch.stepLength, keyCount - firstKey), tile: tile)
      roundKeys(step, tile, scratch)
      roundValues(step, tile, scratch)
      score(step, tile, scratch)
      weigh(step, tile, scratch)
      sumValues(step, tile, scratch)
      firstKey += AttentionScratch.stepLength
    }
    AttentionTile<Instructions>.writeOutputs(tile, scratch.floats)
  }

  /// `weights[key, row] = keyScale[key] · Σ keys[key] · queries[row]` for the keys that each block of rows
  /// sees.
  @inlinable @inline(__always)
  static func score(
    _ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch
  ) {
    let capacity = AttentionScratch.rowCapacity
    let depth = tile.headDimension / 2
    var row = 0
    while row < tile.rowCount {
      let visible = step.visibleKeyCount(row: min(row + AttentionScratch.blockLength, tile.rowCount) - 1)
      var key = 0
      while key < visible {
        PairMultiply<Instructions>.multiply(
          scratch.keys + 4 * key * depth, rowStride: depth, by: scratch.queryPairs + 4 * row,
          stride: capacity,
          depth: depth, factors: scratch.keyScales + key,
          into: scratch.floats.weights + (key * capacity + row), stride: capacity)
        key += PairMultiply<Instructions>.rowCount
      }
      row += AttentionScratch.blockLength
    }
  }

  /// Turns the scores of this step into pairs of integer weights with a scale for each row, and brings the
  /// running maximum and sum up to date.
  @inlinable @inline(__always)
  static func weigh(
    _ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch
  ) {
    var row = 0
    while row < tile.rowCount {
      let rows = SoftmaxRows<Instructions>(from: row, of: tile.rowCount, step, scratch.floats)
      Instructions.store(weigh(rows, scratch), to: scratch.magnitudes)
      storeScales(limit: weightLimit, to: scratch.weightScales + row, scratch)
      roundWeights(row: row, keyCount: rows.visibleToSome, of: step.keyCount, scratch)
      row += Instructions.laneCount
    }
  }

  /// One vector of rows: `weights[key, row] = e^(…) · valueScale[key]`.
  ///
  /// - Returns: the largest of each row, as bits: a NaN is above all.
  @inlinable @inline(__always)
  static func weigh(
    _ rows: SoftmaxRows<Instructions>, _ scratch: IntegerAttentionScratch
  ) -> Instructions.Words {
    typealias I = Instructions
    let queryScale = I.loadFloats(scratch.queryScales + rows.row)
    let before = rows.maximumBefore
    let maximum = rows.maximum { _ in }
    var sum = I.splat(Float(0))
    var largest = I.splat(0 as Int32)
    var key = 0
    while key < rows.visibleToAll {
      let difference = I.subtract(rows.score(key), maximum)
      let weight = Exponential<I>.run(I.multiply(difference, queryScale))
      let scaled = I.multiply(weight, I.splat(scratch.valueScales[key]))
      I.store(scaled, to: rows.address(key))
      largest = I.maximum(largest, I.bits(scaled))
      sum = I.add(sum, weight)
      key += 1
    }
    while key < rows.visibleToSome {
      let limit = I.maximum(rows.limit(key), I.splat(Float(0)))
      let difference = I.subtract(rows.score(key), maximum)
      let weight = Exponential<I>.run(I.multiply(difference, queryScale))
      // Where the value's scale is a NaN: 0 for rows that do not see it, infinity for the others.
      let scaled = I.minimum(I.multiply(weight, I.splat(scratch.valueScales[key])), limit)
      I.store(scaled, to: rows.address(key))
      largest = I.maximum(largest, I.bits(scaled))
      sum = I.add(sum, I.minimum(weight, limit))
      key += 1
    }
    rows.update(
      maximum: maximum, sum: sum,
      correction: Exponential<I>.run(I.multiply(I.subtract(before, maximum), queryScale)))
    return largest
  }

  /// `outputs[row] = outputs[row] · correction + weightScale · Σ weights · values`
  @inlinable @inline(__always)
  static func sumValues(
    _ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch
  ) {
    let rowStep = PairMultiply<Instructions>.rowCount
    let floats = scratch.floats
    var column = 0
    while column < tile.headDimension {
      var row = 0
      while row < tile.rowCount {
        let visible = step.visibleKeyCount(row: min(row + rowStep, tile.rowCount) - 1)
        PairMultiply<Instructions>.multiplyAccumulate(
          scratch.weightPairs + 4 * row, depthStride: AttentionScratch.rowCapacity,
          by: scratch.values + 2 * column * AttentionScratch.stepLength, stride: ValueBlock.columnCount,
          depth: (visible + 1) / 2, factors: scratch.weightScales + row,
          corrections: floats.corrections + row, into: floats.outputs + (row * floats.outputStride + column),
          stride: floats.outputStride)
        row += rowStep
      }
      column += ValueBlock.columnCount
    }
  }
}

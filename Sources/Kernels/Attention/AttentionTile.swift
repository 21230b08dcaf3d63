import CInstructions

/// One tile of attention: up to ``AttentionScratch/rowCapacity`` query rows of one sequence that share a
/// key-value head.
///
/// For each row, with `s_j = scale · (q · k_j)` for the keys `j` that the row sees, in causal attention those
/// up to its own position: `output = Σ_j e^(s_j − m) v_j / Σ_j e^(s_j − m)`, `m = max_j s_j`.
///
/// Keys come in steps of ``AttentionScratch/stepLength``, counted from the start of the sequence, with a
/// running maximum and sum (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018):
/// memory does not grow with the sequence. The scores are computed transposed, [keys, rows]: the lanes of a
/// vector are query rows, so a row's maximum and sum stay in its own lane, keys and values are read as they
/// are stored, and only the queries are transposed, once a tile.
///
/// A row's bits depend on its query and on the keys and values before it, and on nothing else: every score,
/// every step's sum and every output component is one accumulator in index order. Keys that other rows of the
/// tile see but this one does not have weight 0, which adds nothing to an accumulator but, at most, the sign
/// of a zero; the last step makes all zeros positive. (Values must be finite: 0 · ∞ is not 0.)
///
/// Limited by fused multiply-adds: 12 for 8 loads in the inner loop; the exponential of a score costs about
/// 20 operations, its two products `2 · headDimension`. In long texts also by the memory that keys and values
/// come from.
public enum AttentionTile<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ tile: AttentionTileArguments) {
    let scratch = AttentionScratch(tile.scratch, headDimension: tile.headDimension)
    transposeQueries(tile, scratch)
    scratch.reset(rowCount: tile.rowCount)
    let keyCount = tile.keyCount
    var firstKey = 0
    while firstKey < keyCount {
      let step = AttentionStep(
        firstKey: firstKey, keyCount: min(AttentionScratch.stepLength, keyCount - firstKey), tile: tile)
      score(step, tile, scratch)
      weigh(step, tile, scratch)
      sumValues(step, tile, scratch)
      firstKey += AttentionScratch.stepLength
    }
    writeOutputs(tile, scratch)
  }

  /// `queries[i, row] = scale · q[row, i]`, row = position · groupSize + head in group.
  @inlinable @inline(__always)
  static func transposeQueries(_ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    // First as rows, where the outputs are going to be.
    let rowLength = tile.groupSize * tile.headDimension
    let stride = tile.headDimension
    let rows = scratch.outputs
    var position = 0
    while position < tile.positionCount {
      let source = tile.queries + position * tile.queryStride
      let target = rows + position * rowLength
      var index = 0
      while index < rowLength {
        target[index] = source[index] * tile.scale
        index += 1
      }
      position += 1
    }
    var row = 0
    while row < tile.rowCount {
      var index = 0
      while index < tile.headDimension {
        transposeFloat8x8(
          rows + row * stride + index, stride, scratch.queries + index * AttentionScratch.rowCapacity + row,
          AttentionScratch.rowCapacity)
        index += 8
      }
      row += 8
    }
  }

  /// `weights[key, row] = keys[key] · queries[row]` for the keys of this step that each block of rows sees.
  @inlinable @inline(__always)
  static func score(_ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    let keys = tile.keys + step.firstKey * tile.headDimension
    let capacity = AttentionScratch.rowCapacity
    var row = 0
    while row < tile.rowCount {
      let visible = step.visibleKeyCount(row: min(row + AttentionScratch.blockLength, tile.rowCount) - 1)
      var key = 0
      while key < visible {
        TileMultiply<Instructions>.multiply(
          keys + key * tile.headDimension, stride: tile.headDimension, by: scratch.queries + row,
          stride: capacity,
          depth: tile.headDimension, columnCount: AttentionScratch.blockLength,
          into: scratch.weights + key * capacity + row, stride: capacity)
        key += TileMultiply<Instructions>.rowCount
      }
      row += AttentionScratch.blockLength
    }
  }

  /// Turns the scores of this step into weights `e^(s − m)`, and brings the running maximum and sum up to
  /// date; `corrections[row]` is what everything summed before this step has to be multiplied by.
  @inlinable @inline(__always)
  static func weigh(_ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    var row = 0
    while row < tile.rowCount {
      weigh(SoftmaxRows(from: row, of: tile.rowCount, step, scratch), tile)
      row += Instructions.laneCount
    }
  }

  /// One vector of rows.
  @inlinable @inline(__always)
  static func weigh(_ rows: SoftmaxRows<Instructions>, _ tile: AttentionTileArguments) {
    typealias I = Instructions
    // What comes next is far away where a text is long, and here the memory is idle: ask for the values of
    // this step and the keys of the next one, 32 columns of them beside each of the first vectors of rows.
    // Asking for what is not there does no harm.
    let block = rows.row / I.laneCount
    let fetches = block * ValueBlock.columnCount < tile.headDimension
    let values = tile.values + block * tile.valueBlockStride + rows.step.firstKey * ValueBlock.columnCount
    let nextKeys =
      tile.keys + (rows.step.firstKey + AttentionScratch.stepLength) * tile.headDimension
      + block * ValueBlock.columnCount
    let before = rows.maximumBefore
    let maximum = rows.maximum { key in
      if fetches { fetch(values + key * ValueBlock.columnCount) }
    }
    var sum = I.splat(Float(0))
    var key = 0
    while key < rows.visibleToAll {
      if fetches { fetch(nextKeys + key * tile.headDimension) }
      let weight = Exponential<I>.run(I.subtract(rows.score(key), maximum))
      I.store(weight, to: rows.address(key))
      sum = I.add(sum, weight)
      key += 1
    }
    while key < rows.visibleToSome {
      let weight = I.minimum(
        Exponential<I>.run(I.subtract(rows.score(key), maximum)),
        I.maximum(rows.limit(key), I.splat(Float(0))))
      I.store(weight, to: rows.address(key))
      sum = I.add(sum, weight)
      key += 1
    }
    while key < rows.step.keyCount {
      I.store(I.splat(Float(0)), to: rows.address(key))
      key += 1
    }
    rows.update(
      maximum: maximum, sum: sum, correction: Exponential<I>.run(I.subtract(before, maximum)))
  }

  /// Asks for 32 floats.
  @inlinable @inline(__always)
  static func fetch(_ floats: UnsafePointer<Float>) {
    prefetchForReading(floats)
    prefetchForReading(floats + 16)
  }

  /// `outputs[row] = outputs[row] · correction + Σ_key weight · value[key]`
  @inlinable @inline(__always)
  static func sumValues(_ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    let blockLength = ValueBlock.columnCount
    let rowStep = TileMultiply<Instructions>.rowCount
    var column = 0
    var values = tile.values + step.firstKey * blockLength
    while column < tile.headDimension {
      var row = 0
      while row < tile.rowCount {
        let visible = step.visibleKeyCount(row: min(row + rowStep, tile.rowCount) - 1)
        TileMultiply<Instructions>.multiplyAccumulate(
          scratch.weights + row, stride: 1, depthStride: AttentionScratch.rowCapacity,
          by: values, stride: blockLength, depth: visible, columnCount: blockLength,
          into: scratch.outputs + row * scratch.outputStride + column, stride: scratch.outputStride,
          scaledBy: scratch.corrections + row)
        row += rowStep
      }
      column += blockLength
      values += tile.valueBlockStride
    }
  }

  /// `output = outputs[row] · (1 / sum[row])`
  @inlinable @inline(__always)
  static func writeOutputs(_ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    typealias I = Instructions
    let dimension = tile.headDimension
    var row = 0
    while row < tile.rowCount {
      let source = scratch.outputs + row * scratch.outputStride
      let target =
        tile.output + row / tile.groupSize * tile.outputStride + row % tile.groupSize * dimension
      let factor = 1 / scratch.sums[row]
      var index = 0
      while index + I.laneCount <= dimension {
        // 0 · factor + 0: no zero is negative.
        let output = I.add(I.multiply(I.loadFloats(source + index), I.splat(factor)), I.splat(Float(0)))
        I.store(output, to: target + index)
        index += I.laneCount
      }
      while index < dimension {
        target[index] = source[index] * factor + 0
        index += 1
      }
      row += 1
    }
  }
}

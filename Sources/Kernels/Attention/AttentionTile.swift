/// One tile of attention: up to ``rowCount`` query rows of one sequence that share a key-value head.
///
/// For each row, with `s_j = scale · (q · k_j)` for the keys `j` up to the row's own position:
/// `output = Σ_j e^(s_j − m) v_j / Σ_j e^(s_j − m)`, `m = max_j s_j`.
///
/// Keys come in steps of ``stepLength``, counted from the start of the sequence, with a running maximum and sum
/// (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018): memory does not grow with the
/// sequence. A row's bits depend on its query and on the keys and values before it, and on nothing else: each score
/// and each output component is one accumulator in index order, sums are ``OrderedSum``s over a step, and the keys
/// that other rows of the tile see but this one does not have weight 0, which adds nothing.
///
/// Keys are stored transposed, in blocks of ``KeyBlock/length`` keys: [headDimension][32]. Limited by fused
/// multiply-adds: 12 for 8 loads in the inner loop, and about 20 operations for the exponential of each score, where
/// its two products take `2 · headDimension`.
public enum AttentionTile<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ tile: AttentionTileArguments) {
    typealias I = Instructions
    let dimension = tile.headDimension
    let rows = tile.positionCount * tile.groupSize
    let scratch = AttentionScratch(tile.scratch, headDimension: dimension)

    // The queries, scaled, packed as rows; rows up to a multiple of 6 are zero.
    gatherQueries(tile, into: scratch.queries)
    let paddedRows =
      (rows + TileMultiply<I>.rowCount - 1) / TileMultiply<I>.rowCount * TileMultiply<I>.rowCount
    var row = 0
    while row < AttentionScratch.rowCapacity {
      scratch.maxima[row] = -.infinity
      scratch.sums[row] = 0
      row += 1
    }
    (scratch.outputs).update(repeating: 0, count: paddedRows * scratch.outputStride)

    let keyCount = tile.firstPosition + tile.positionCount
    var firstKey = 0
    while firstKey < keyCount {
      let stepKeys = min(AttentionScratch.stepLength, keyCount - firstKey)
      scores(tile, scratch, paddedRows: paddedRows, firstKey: firstKey, keyCount: stepKeys)
      softmax(tile, scratch, rows: rows, firstKey: firstKey, keyCount: stepKeys)
      weigh(tile, scratch, paddedRows: paddedRows, firstKey: firstKey, keyCount: stepKeys)
      firstKey += AttentionScratch.stepLength
    }
    writeOutputs(tile, scratch)
  }

  /// `queries[row, i] = scale · q`, row = position · groupSize + head in group.
  @inlinable @inline(__always)
  static func gatherQueries(_ tile: AttentionTileArguments, into queries: UnsafeMutablePointer<Float>) {
    let dimension = tile.headDimension
    var position = 0
    while position < tile.positionCount {
      let source = tile.queries + position * tile.queryStride
      let target = queries + position * tile.groupSize * dimension
      var index = 0
      while index < tile.groupSize * dimension {
        target[index] = source[index] * tile.scale
        index += 1
      }
      position += 1
    }
    let used = tile.positionCount * tile.groupSize * dimension
    (queries + used).update(repeating: 0, count: (TileMultiply<Instructions>.rowCount - 1) * dimension)
  }

  /// `scores[row, key] = queries[row] · keys[key]` for the keys of this step, whole blocks of them.
  @inlinable @inline(__always)
  static func scores(
    _ tile: AttentionTileArguments, _ scratch: AttentionScratch, paddedRows: Int, firstKey: Int, keyCount: Int
  ) {
    let dimension = tile.headDimension
    var key = 0
    while key < keyCount {
      let block = tile.keyBlocks + (firstKey + key) * dimension
      var row = 0
      while row < paddedRows {
        TileMultiply<Instructions>.multiply(
          scratch.queries + row * dimension, stride: dimension, by: block, stride: KeyBlock.length,
          depth: dimension, columnCount: KeyBlock.length,
          into: scratch.scores + row * AttentionScratch.stepLength + key, stride: AttentionScratch.stepLength)
        row += TileMultiply<Instructions>.rowCount
      }
      key += KeyBlock.length
    }
  }

  /// Turns the scores of this step into weights `e^(s − m)`, and brings the running maximum and sum up to date;
  /// `corrections[row]` is what everything summed before this step has to be multiplied by.
  @inlinable @inline(__always)
  static func softmax(
    _ tile: AttentionTileArguments, _ scratch: AttentionScratch, rows: Int, firstKey: Int, keyCount: Int
  ) {
    typealias I = Instructions
    let step = AttentionScratch.stepLength
    let whole = (keyCount + KeyBlock.length - 1) / KeyBlock.length * KeyBlock.length
    var row = 0
    while row < rows {
      let position = tile.firstPosition + row / tile.groupSize
      let visible = max(0, min(keyCount, position + 1 - firstKey))
      let scores = scratch.scores + row * step
      (scores + visible).update(repeating: -.infinity, count: whole - visible)
      scratch.newMaxima[row] = max(scratch.maxima[row], RowMaximum<I>.run(scores, count: whole))
      row += 1
    }
    row = 0
    while row < AttentionScratch.rowCapacity {
      let maxima = I.loadFloats(scratch.newMaxima + row)
      let change = I.subtract(I.loadFloats(scratch.maxima + row), maxima)
      I.store(Exponential<I>.run(change), to: scratch.corrections + row)
      I.store(maxima, to: scratch.maxima + row)
      row += I.laneCount
    }
    row = 0
    while row < rows {
      let position = tile.firstPosition + row / tile.groupSize
      let visible = max(0, min(keyCount, position + 1 - firstKey))
      let weights = scratch.scores + row * step
      let maximum = I.splat(scratch.maxima[row])
      var key = 0
      while key < visible {
        I.store(
          Exponential<I>.run(I.subtract(I.loadFloats(weights + key), maximum)), to: weights + key)
        key += I.laneCount
      }
      (weights + visible).update(repeating: 0, count: whole - visible)
      let sum = OrderedSum<I>.of(weights, count: (visible + 15) / 16 * 16)
      scratch.sums[row] = sum.addingProduct(scratch.sums[row], scratch.corrections[row])
      row += 1
    }
  }

  /// `outputs[row] = outputs[row] · correction + Σ_key weight · value[key]`
  @inlinable @inline(__always)
  static func weigh(
    _ tile: AttentionTileArguments, _ scratch: AttentionScratch, paddedRows: Int, firstKey: Int, keyCount: Int
  ) {
    let values = tile.values + firstKey * tile.valueStride
    var row = 0
    while row < paddedRows {
      TileMultiply<Instructions>.multiplyAccumulate(
        scratch.scores + row * AttentionScratch.stepLength, stride: AttentionScratch.stepLength,
        by: values, stride: tile.valueStride, depth: keyCount, columnCount: tile.headDimension,
        into: scratch.outputs + row * scratch.outputStride, stride: scratch.outputStride,
        scaledBy: scratch.corrections + row)
      row += TileMultiply<Instructions>.rowCount
    }
  }

  /// `output = outputs[row] / sum[row]`
  @inlinable @inline(__always)
  static func writeOutputs(_ tile: AttentionTileArguments, _ scratch: AttentionScratch) {
    let dimension = tile.headDimension
    var row = 0
    while row < tile.positionCount * tile.groupSize {
      let source = scratch.outputs + row * scratch.outputStride
      let target =
        tile.output + row / tile.groupSize * tile.outputStride + row % tile.groupSize * dimension
      let sum = scratch.sums[row]
      var index = 0
      while index < dimension {
        target[index] = source[index] / sum
        index += 1
      }
      row += 1
    }
  }
}

import CInstructions

/// The operands of ``IntegerAttentionTile``, as integers.
extension IntegerAttentionTile {
  /// The queries, in place: pairs of components, a scale a row.
  @inlinable @inline(__always)
  static func roundQueries(_ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch) {
    typealias I = Instructions
    let capacity = AttentionScratch.rowCapacity
    let limit = scoreLimit(headDimension: tile.headDimension)
    var row = 0
    while row < tile.rowCount {
      let column = scratch.floats.queries + row
      var largest = I.splat(0 as Int32)
      for index in 0..<tile.headDimension {
        largest = I.maximum(largest, I.bits(I.magnitude(I.loadFloats(column + index * capacity))))
      }
      I.store(largest, to: scratch.magnitudes)
      storeScales(limit: limit, to: scratch.queryScales + row, scratch)
      roundPairs(column, pairCount: tile.headDimension / 2, scratch)
      row += I.laneCount
    }
  }

  /// The weights of some rows, in place: pairs of keys. Keys that nobody sees count as zeros.
  @inlinable @inline(__always)
  static func roundWeights(
    row: Int, keyCount: Int, of stepKeyCount: Int, _ scratch: IntegerAttentionScratch
  ) {
    let column = scratch.floats.weights + row
    let capacity = AttentionScratch.rowCapacity
    if keyCount % 2 == 1 {
      Instructions.store(Instructions.splat(Float(0)), to: column + keyCount * capacity)
    }
    roundPairs(column, pairCount: (keyCount + 1) / 2, scratch)
    // A tile of rows may reach into this vector and see more than its rows do.
    var pair = (keyCount + 1) / 2
    while 2 * pair < stepKeyCount {
      Instructions.store(Instructions.splat(0 as Int32), to: column + pair * capacity)
      pair += 1
    }
  }

  /// Scales for a vector of lanes, whose largest magnitudes are in `scratch.magnitudes`.
  @inlinable @inline(__always)
  static func storeScales(
    limit: Float, to scales: UnsafeMutablePointer<Float>, _ scratch: IntegerAttentionScratch
  ) {
    for lane in stride(from: 0, to: Instructions.laneCount, by: 8) {
      storeFloat8(
        QuantizationScales.store(
          largestMagnitudes: loadWord8(scratch.magnitudes + 4 * lane), limit: splatFloat8(limit),
          factors: scratch.factors + 4 * lane, masks: scratch.masks + 4 * lane), scales + lane)
    }
  }

  /// Rows 2k and 2k + 1 of a column of vectors become row k, in place: it is read before it is written.
  @inlinable @inline(__always)
  static func roundPairs(
    _ column: UnsafeMutablePointer<Float>, pairCount: Int, _ scratch: IntegerAttentionScratch
  ) {
    typealias I = Instructions
    let capacity = AttentionScratch.rowCapacity
    let factor = I.loadFloats(scratch.factors)
    let mask = I.loadWords(scratch.masks)
    var pair = 0
    while pair < pairCount {
      let source = column + 2 * pair * capacity
      let low = I.quantized(I.loadFloats(source), factor: factor, mask: mask)
      let high = I.quantized(I.loadFloats(source + capacity), factor: factor, mask: mask)
      I.store(I.pair(low, high), to: UnsafeMutableRawPointer(column + pair * capacity))
      pair += 1
    }
  }

  /// The keys of a step, eight at a time.
  @inlinable @inline(__always)
  static func roundKeys(
    _ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch
  ) {
    typealias I = Instructions
    let dimension = tile.headDimension
    let limit = scoreLimit(headDimension: dimension)
    var key = 0
    while key < step.keyCount {
      for index in 0..<8 {
        let source = tile.keys + (step.firstKey + min(key + index, step.keyCount - 1)) * dimension
        storeMagnitudes(index, dimension: dimension, scratch) { source + $0 }
      }
      storeScalesOfRows(limit: limit, to: scratch.keyScales + key, scratch)
      for index in 0..<8 {
        let source = tile.keys + (step.firstKey + min(key + index, step.keyCount - 1)) * dimension
        let target = scratch.keys + 2 * (key + index) * dimension
        let (factor, mask) = factorAndMask(index, scratch)
        var column = 0
        while column < dimension {
          let integers = I.quantized(I.loadFloats(source + column), factor: factor, mask: mask)
          I.storeLowHalves(integers, to: target + 2 * column)
          column += I.laneCount
        }
      }
      key += 8
    }
  }

  /// The values of a step, eight keys at a time, as pairs of keys. Columns of the last block that are no
  /// components stay as they are.
  @inlinable @inline(__always)
  static func roundValues(
    _ step: AttentionStep, _ tile: AttentionTileArguments, _ scratch: IntegerAttentionScratch
  ) {
    typealias I = Instructions
    let blockLength = ValueBlock.columnCount
    func address(_ key: Int, _ column: Int) -> UnsafePointer<Float> {
      let row = step.firstKey + min(key, step.keyCount - 1)
      return tile.values
        + (column / blockLength * tile.valueBlockStride + row * blockLength + column % blockLength)
    }
    var key = 0
    while key < step.keyCount {
      for index in 0..<8 {
        storeMagnitudes(index, dimension: tile.headDimension, scratch) { address(key + index, $0) }
      }
      storeScalesOfRows(limit: valueLimit, to: scratch.valueScales + key, scratch)
      for index in stride(from: 0, to: 8, by: 2) {
        let (lowFactor, lowMask) = factorAndMask(index, scratch)
        let (highFactor, highMask) = factorAndMask(index + 1, scratch)
        let pair = (key + index) / 2
        var column = 0
        while column < tile.headDimension {
          let low = I.quantized(
            I.loadFloats(address(key + index, column)), factor: lowFactor, mask: lowMask)
          let high = I.quantized(
            I.loadFloats(address(key + index + 1, column)), factor: highFactor, mask: highMask)
          let block = scratch.values + 2 * (column - column % blockLength) * AttentionScratch.stepLength
          I.store(I.pair(low, high), to: block + 4 * (pair * blockLength + column % blockLength))
          column += I.laneCount
        }
      }
      key += 8
    }
  }

  /// The largest magnitudes of one of eight rows, lane by lane.
  @inlinable @inline(__always)
  static func storeMagnitudes(
    _ index: Int, dimension: Int, _ scratch: IntegerAttentionScratch,
    _ address: (_ column: Int) -> UnsafePointer<Float>
  ) {
    typealias I = Instructions
    var largest = I.splat(0 as Int32)
    var column = 0
    while column < dimension {
      largest = I.maximum(largest, I.bits(I.magnitude(I.loadFloats(address(column)))))
      column += I.laneCount
    }
    I.store(largest, to: scratch.magnitudes + 4 * index * I.laneCount)
  }

  @inlinable @inline(__always)
  static func storeScalesOfRows(
    limit: Float, to scales: UnsafeMutablePointer<Float>, _ scratch: IntegerAttentionScratch
  ) {
    storeFloat8(
      QuantizationScales.store(
        largestMagnitudes: Instructions.largestLanes(scratch.magnitudes), limit: splatFloat8(limit),
        factors: scratch.factors, masks: scratch.masks), scales)
  }

  /// What ``storeScalesOfRows(limit:to:_:)`` left for one of the rows, in all lanes.
  @inlinable @inline(__always)
  static func factorAndMask(
    _ index: Int, _ scratch: IntegerAttentionScratch
  ) -> (Instructions.Floats, Instructions.Words) {
    (
      Instructions.splat((scratch.factors + 4 * index).loadUnaligned(as: Float.self)),
      Instructions.splat((scratch.masks + 4 * index).loadUnaligned(as: Int32.self))
    )
  }
}

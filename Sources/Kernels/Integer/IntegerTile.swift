import CInstructions

/// The inner tile: 32 rows of weights by up to six tokens, over all columns.
///
/// Each output has one accumulator, and takes the records (32 columns each) in order:
///
///     t = scale_w · float(Σ x · w)                          the block, or its first half; see ``SumBias``
///     t = fma(minimum, float(Σ x), t)                       formats with minima
///     t = fma(scale_w, float(Σ x · w), t)  and its minimum  the second half, where blocks are 16 long
///     y = fma(scale_x, t, y)
///
/// The sums of products are exact integers, so the result has the same bits in every instruction set, tile
/// and order of tiles.
///
/// With 16-bit activations a sum is Σ high · w · 256 + Σ low · w, each from its own pass over the weights.
/// Its bound is 32 · 32639 · 128 < 2²⁷.
///
/// Limited by the dot products and by the float multiplications, which share their execution ports with them:
/// for blocks of 32 with minima eight dot products, three float operations (73 % of the peak of dot
/// products); without minima 80 %; blocks of 16, 73 %. 16-bit: 84 %, 89 %, 84 %. On Intel's 512-bit units
/// conversions and additions share them too: 73 %, 80 %, 67 %; 16-bit: 73 %, 76 %, 64 %.
///
/// The number of tokens is part of the type, so that every array of a tile is a set of registers.
@usableFromInline
enum IntegerTile<
  Instructions: VectorInstructions, Shape: PanelShape, Encoding: ActivationEncoding, let tokenCount: Int
> {
  @usableFromInline typealias Vector = Instructions

  /// `tileVectorCount` vectors of rows by `tokenCount` tokens.
  @inlinable @inline(never)
  static func run(_ operands: IntegerTileOperands) {
    let vectors = Vector.tileVectorCount
    let output = operands.output
    var totals = InlineArray<12, Vector.Floats>(repeating: Vector.splat(0 as Float))
    if operands.continuesOutput {
      for token in 0..<tokenCount {
        for vector in 0..<vectors {
          totals[token &* vectors &+ vector] = Vector.loadFloats(
            output + (token &* operands.outputStride &+ vector &* Vector.laneCount))
        }
      }
    }
    var weights = operands.panel
    var record = operands.activations
    var next = operands.prefetchAddress
    var remaining = operands.recordCount
    while remaining > 0 {
      for _ in 0..<operands.prefetchedLinesPerRecord {
        prefetchForReading(next)
        next += 64
      }
      if Shape.blocksPerRecord == 2 {
        storeFirstBlock(weights, record, to: operands.partials)
        // Kept in memory: in registers, they would push other sums out, in worse places.
        compilerBarrier()
      }
      addLastBlock(weights, record, operands.partials, to: &totals)
      weights += Shape.recordSize
      record += Encoding.recordSize
      remaining &-= 1
    }
    for token in 0..<tokenCount {
      for vector in 0..<vectors {
        Vector.store(
          totals[token &* vectors &+ vector],
          to: output + (token &* operands.outputStride &+ vector &* Vector.laneCount))
      }
    }
  }

  /// The first of two blocks: scale · Σ x · w, and the minimum.
  @inlinable @inline(__always)
  static func storeFirstBlock(
    _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer, to partials: UnsafeMutableRawPointer
  ) {
    let sums = blockSums(block: 0, weights, record)
    for token in 0..<tokenCount {
      for vector in 0..<Vector.tileVectorCount {
        let index = token &* Vector.tileVectorCount &+ vector
        let product = scaled(sums[index], 0, vector, weights)
        let partial = addingMinimum(0, token, vector, weights, record, to: product)
        Vector.store(partial, to: partials + index &* Vector.laneCount &* 4)
      }
    }
  }

  /// The last block of a record, and the scale of the activations.
  @inlinable @inline(__always)
  static func addLastBlock(
    _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer, _ partials: UnsafeRawPointer,
    to totals: inout InlineArray<12, Vector.Floats>
  ) {
    let block = Shape.blocksPerRecord &- 1
    let sums = blockSums(block: block, weights, record)
    for token in 0..<tokenCount {
      let activationScale = splatFloat(record + (Encoding.scaleOffset &+ 4 &* token))
      for vector in 0..<Vector.tileVectorCount {
        let index = token &* Vector.tileVectorCount &+ vector
        let product =
          block == 0
          ? scaled(sums[index], 0, vector, weights)
          : Vector.multiplyAdd(
            scale(block, vector, weights), float(sums[index]),
            Vector.loadFloats(partials + index &* Vector.laneCount &* 4))
        let partial = addingMinimum(block, token, vector, weights, record, to: product)
        totals[index] = Vector.multiplyAdd(activationScale, partial, totals[index])
      }
    }
  }

  @inlinable @inline(__always)
  static func addingMinimum(
    _ block: Int, _ token: Int, _ vector: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer,
    to product: Vector.Floats
  ) -> Vector.Floats {
    guard Shape.hasMinimum else { return product }
    let offset = Shape.minimumOffset &+ block &* Shape.groupSize &+ vector &* Vector.laneCount &* 4
    let sums = Shape.blockLength == 32 ? Encoding.sumOffset : Encoding.halfSumOffset &+ 24 &* block
    return Vector.multiplyAdd(
      Vector.loadFloats(weights + offset), splatFloat(record + (sums &+ 4 &* token)), product)
  }

  /// scale · sum, where the sum has the encoding's bias.
  @inlinable @inline(__always)
  static func scaled(
    _ sum: Vector.Words, _ block: Int, _ vector: Int, _ weights: UnsafeRawPointer
  ) -> Vector.Floats {
    let scale = scale(block, vector, weights)
    guard Encoding.sumBias != 0 else { return Vector.multiply(scale, float(sum)) }
    let offset = Shape.biasOffset &+ block &* Shape.groupSize &+ vector &* Vector.laneCount &* 4
    let bias = Vector.loadFloats(weights + offset)
    guard Vector.hasMultiplyAdd else {
      // The same bits in other instructions: 0, or a NaN where the scale is an infinity.
      return Vector.add(Vector.multiply(scale, float(sum)), Vector.subtract(bias, bias))
    }
    return Vector.multiplyAdd(scale, Vector.floats(bits: sum), bias)
  }

  /// A sum without the encoding's bias, as a float.
  @inlinable @inline(__always)
  static func float(_ sum: Vector.Words) -> Vector.Floats {
    Encoding.sumBias == 0
      ? Vector.floats(sum) : Vector.subtract(Vector.floats(bits: sum), Vector.splat(SumBias.value))
  }

  @inlinable @inline(__always)
  static func scale(_ block: Int, _ vector: Int, _ weights: UnsafeRawPointer) -> Vector.Floats {
    let offset = Shape.scaleOffset &+ block &* Shape.groupSize &+ vector &* Vector.laneCount &* 4
    return Vector.loadFloats(weights + offset)
  }

  /// Σ x · w over the columns of one block, exactly.
  @inlinable @inline(__always)
  static func blockSums(
    block: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer
  ) -> InlineArray<12, Vector.Words> {
    let vectors = Vector.tileVectorCount
    let corrections = weights + (Shape.correctionOffset &+ block &* Shape.groupSize)
    var sums = InlineArray<12, Vector.Words>(repeating: Vector.splat(0 as Int32))
    for vector in 0..<vectors {
      let correction = Vector.loadWords(corrections + vector &* Vector.laneCount &* 4)
      for token in 0..<tokenCount { sums[token &* vectors &+ vector] = correction }
    }
    addPlane(0, block: block, weights, record, &sums)
    if Encoding.planeCount == 2 {
      for vector in 0..<vectors {
        let correction = Vector.loadWords(corrections + vector &* Vector.laneCount &* 4)
        for token in 0..<tokenCount {
          let index = token &* vectors &+ vector
          sums[index] = Vector.add(Vector.shiftLeft(sums[index], by: 8), correction)
        }
      }
      // The compiler must not load the weights of the second pass during the first: they would not fit.
      compilerBarrier()
      addPlane(1, block: block, weights, record, &sums)
    }
    return sums
  }

  /// Adds the products of one byte of the activations.
  ///
  /// Written out: the compiler does not unroll a loop of this size, and its end costs.
  @inlinable @inline(__always)
  static func addPlane(
    _ plane: Int, block: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    if Shape.isNibble, Vector.hasNarrowDot {
      addFourGroups(0, block: block, plane: plane, weights, record, &sums)
      if Shape.blockLength == 32 {
        addFourGroups(4, block: block, plane: plane, weights, record, &sums)
      }
      return
    }
    addGroups(0, block: block, plane: plane, weights, record, &sums)
    addGroups(2, block: block, plane: plane, weights, record, &sums)
    if Shape.blockLength == 32 {
      addGroups(4, block: block, plane: plane, weights, record, &sums)
      addGroups(6, block: block, plane: plane, weights, record, &sums)
    }
  }

  /// Adds the products of eight columns: a group of four, and the next.
  @inlinable @inline(__always)
  static func addGroups(
    _ groupOfBlock: Int, block: Int, plane: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let vectors = Vector.tileVectorCount
    let group = block &* (Shape.blockLength / 4) &+ groupOfBlock
    let columns = record + (plane &* Encoding.planeSize &+ group &* 4 &* ActivationTile.tokenCount)
    let rows = weights + group &* Shape.groupSize
    if Shape.isNarrow, Vector.hasNarrowDot {
      for token in 0..<tokenCount {
        let activation0 = splatWord(columns + 4 &* token)
        let activation1 = splatWord(columns + 4 &* (token &+ ActivationTile.tokenCount))
        for vector in 0..<vectors {
          let row = rows + vector &* Vector.laneCount &* 4
          let index = token &* vectors &+ vector
          sums[index] = Vector.narrowDot(
            sums[index], activation0, Vector.loadWords(row), activation1,
            Vector.loadWords(row + Shape.groupSize))
        }
      }
    } else {
      for next in 0..<2 {
        for token in 0..<tokenCount {
          let activation = splatWord(columns + 4 &* (token &+ next &* ActivationTile.tokenCount))
          for vector in 0..<vectors {
            let row = rows + (next &* Shape.groupSize &+ vector &* Vector.laneCount &* 4)
            let index = token &* vectors &+ vector
            sums[index] =
              Shape.isMedium
              ? Vector.mediumDot(sums[index], activation, Vector.loadWords(row))
              : Vector.dot(sums[index], activation, Vector.loadWords(row))
          }
        }
      }
    }
  }

  /// Adds the products of sixteen columns: four groups of four, where weights are small.
  @inlinable @inline(__always)
  static func addFourGroups(
    _ groupOfBlock: Int, block: Int, plane: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let group = block &* (Shape.blockLength / 4) &+ groupOfBlock
    let columns = record + (plane &* Encoding.planeSize &+ group &* 4 &* ActivationTile.tokenCount)
    let distance = 4 &* ActivationTile.tokenCount
    for token in 0..<tokenCount {
      let x0 = splatWord(columns + 4 &* token)
      let x1 = splatWord(columns + (4 &* token &+ distance))
      let x2 = splatWord(columns + (4 &* token &+ 2 &* distance))
      let x3 = splatWord(columns + (4 &* token &+ 3 &* distance))
      for vector in 0..<Vector.tileVectorCount {
        let row = weights + (group &* Shape.groupSize &+ vector &* Vector.laneCount &* 4)
        let index = token &* Vector.tileVectorCount &+ vector
        sums[index] = Vector.nibbleDot(
          sums[index], x0, Vector.loadWords(row), x1, Vector.loadWords(row + Shape.groupSize), x2,
          Vector.loadWords(row + 2 &* Shape.groupSize), x3, Vector.loadWords(row + 3 &* Shape.groupSize))
      }
      // With two planes the compiler would keep weights for the next token, on the stack.
      if Encoding.planeCount == 2 { compilerBarrier() }
    }
  }

  @inlinable @inline(__always)
  static func splatWord(_ address: UnsafeRawPointer) -> Vector.Words {
    Vector.splat(address.loadUnaligned(as: Int32.self))
  }

  @inlinable @inline(__always)
  static func splatFloat(_ address: UnsafeRawPointer) -> Vector.Floats {
    Vector.splat(address.loadUnaligned(as: Float.self))
  }
}

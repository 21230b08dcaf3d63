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
  @usableFromInline typealias Product = BlockProduct<Instructions, Shape, Encoding>

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
    var highBytes = operands.highBytes
    var next = operands.prefetchAddress
    var remaining = operands.recordCount
    while remaining > 0 {
      for _ in 0..<operands.prefetchedLinesPerRecord {
        prefetchForReading(next)
        next += 64
      }
      if Encoding.hasWideBlocks,
        (record + Encoding.wideOffset).loadUnaligned(as: Int32.self) != 0
      {
        // The compiler must not load what both branches begin with before it knows which: it would not fit.
        if Vector.productKind.isSigned { compilerBarrier() }
        addRecord(
          weights, Record(bytes: record, highBytes: highBytes, isWide: true), operands.partials, to: &totals)
      } else {
        addRecord(
          weights, Record(bytes: record, highBytes: highBytes, isWide: false), operands.partials, to: &totals)
      }
      weights += Shape.recordSize(hasHalves: Encoding.hasHalves)
      record += Encoding.recordSize
      highBytes += Encoding.highSize
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

  /// A record of activations. Whether it is wide is a constant wherever it is made, and so is inlined.
  @usableFromInline
  struct Record {
    @usableFromInline let bytes: UnsafeRawPointer
    @usableFromInline let highBytes: UnsafeRawPointer
    /// Whether its sums are of 16-bit integers, though the encoding has one plane of bytes.
    @usableFromInline let isWide: Bool

    @inlinable @inline(__always)
    init(bytes: UnsafeRawPointer, highBytes: UnsafeRawPointer, isWide: Bool) {
      self.bytes = bytes
      self.highBytes = highBytes
      self.isWide = isWide
    }
  }

  @inlinable @inline(__always)
  static func addRecord(
    _ weights: UnsafeRawPointer, _ record: Record, _ partials: UnsafeMutableRawPointer,
    to totals: inout InlineArray<12, Vector.Floats>
  ) {
    if Shape.blocksPerRecord == 2 {
      storeFirstBlock(weights, record, to: partials)
      // Kept in memory: in registers, they would push other sums out, in worse places.
      compilerBarrier()
    }
    addLastBlock(weights, record, partials, to: &totals)
  }

  /// The first of two blocks: scale · Σ x · w, and the minimum.
  @inlinable @inline(__always)
  static func storeFirstBlock(
    _ weights: UnsafeRawPointer, _ record: Record, to partials: UnsafeMutableRawPointer
  ) {
    let sums = blockSums(block: 0, weights, record)
    for token in 0..<tokenCount {
      for vector in 0..<Vector.tileVectorCount {
        let index = token &* Vector.tileVectorCount &+ vector
        let weights = weights + vector &* Vector.laneCount &* 4
        let product = Product.scaled(sums[index], 0, weights, isWide: record.isWide)
        let partial = Product.addingMinimum(
          0, weights, sum: record.bytes + sumOffset(0, token), to: product)
        Vector.store(partial, to: partials + index &* Vector.laneCount &* 4)
      }
    }
  }

  /// The last block of a record, and the scale of the activations.
  @inlinable @inline(__always)
  static func addLastBlock(
    _ weights: UnsafeRawPointer, _ record: Record, _ partials: UnsafeRawPointer,
    to totals: inout InlineArray<12, Vector.Floats>
  ) {
    let block = Shape.blocksPerRecord &- 1
    let sums = blockSums(block: block, weights, record)
    for token in 0..<tokenCount {
      let activationScale = splatFloat(record.bytes + (Encoding.scaleOffset &+ 4 &* token))
      for vector in 0..<Vector.tileVectorCount {
        let index = token &* Vector.tileVectorCount &+ vector
        let weights = weights + vector &* Vector.laneCount &* 4
        let product =
          block == 0
          ? Product.scaled(sums[index], 0, weights, isWide: record.isWide)
          : Product.adding(
            sums[index], block, weights, isWide: record.isWide,
            to: Vector.loadFloats(partials + index &* Vector.laneCount &* 4))
        let partial = Product.addingMinimum(
          block, weights, sum: record.bytes + sumOffset(block, token), to: product)
        totals[index] = Vector.multiplyAdd(activationScale, partial, totals[index])
      }
    }
  }

  /// Where the sum of the activations of a block is, of one token.
  @inlinable @inline(__always)
  static func sumOffset(_ block: Int, _ token: Int) -> Int {
    (Shape.blockLength == 32 ? Encoding.sumOffset : Encoding.halfSumOffset &+ 24 &* block) &+ 4 &* token
  }

  /// Σ x · w over the columns of one block, exactly.
  @inlinable @inline(__always)
  static func blockSums(
    block: Int, _ weights: UnsafeRawPointer, _ record: Record
  ) -> InlineArray<12, Vector.Words> {
    if Vector.productKind == .pairs { return pairedBlockSums(block: block, weights, record) }
    if Encoding.hasHalves { return sumsOfHalves(block: block, weights, record) }
    let vectors = Vector.tileVectorCount
    let hasHighBytes = Encoding.planeCount == 2 || record.isWide
    var sums = InlineArray<12, Vector.Words>(repeating: Vector.splat(0 as Int32))
    for vector in 0..<vectors {
      let correction = correction(block, vector, weights, record)
      for token in 0..<tokenCount { sums[token &* vectors &+ vector] = correction }
    }
    addPlane(record.isWide ? record.highBytes : record.bytes, block: block, weights, &sums)
    if hasHighBytes {
      for vector in 0..<vectors {
        let correction = correction(block, vector, weights, record)
        for token in 0..<tokenCount {
          let index = token &* vectors &+ vector
          sums[index] = Vector.add(Vector.shiftLeft(sums[index], by: 8), correction)
        }
      }
      // The compiler must not load the weights of the second pass during the first: they would not fit.
      compilerBarrier()
      addPlane(
        record.isWide ? record.bytes : record.bytes + Encoding.planeSize, block: block, weights, &sums)
    }
    return sums
  }

  /// The same where weights and activations have 16 bits: two columns a product.
  @inlinable @inline(__always)
  static func sumsOfHalves(
    block: Int, _ weights: UnsafeRawPointer, _ record: Record
  ) -> InlineArray<12, Vector.Words> {
    let vectors = Vector.tileVectorCount
    var sums = InlineArray<12, Vector.Words>(repeating: Vector.splat(0 as Int32))
    let distance = 4 &* ActivationTile.tokenCount
    for groupOfBlock in 0..<(Shape.blockLength / 4) {
      let group = block &* (Shape.blockLength / 4) &+ groupOfBlock
      let columns = record.bytes + 2 &* group &* distance
      let rows = weights + group &* Shape.groupSize
      for token in 0..<tokenCount {
        let even = splatWord(columns + 4 &* token)
        let odd = splatWord(columns + (4 &* token &+ distance))
        for vector in 0..<vectors {
          let row = rows + vector &* Vector.laneCount &* 4
          let index = token &* vectors &+ vector
          let sum = Vector.dotOfPairs(sums[index], Vector.loadWords(row), even)
          sums[index] = Vector.dotOfPairs(sum, Vector.loadWords(row + Shape.recordSize), odd)
        }
      }
    }
    return sums
  }

  /// −128 · Σ w of one block, and the record's bias.
  @inlinable @inline(__always)
  static func correction(
    _ block: Int, _ vector: Int, _ weights: UnsafeRawPointer, _ record: Record
  ) -> Vector.Words {
    if Vector.productKind.isSigned { return Vector.splat(Product.sumBias(isWide: record.isWide)) }
    let offset = Shape.correctionOffset &+ block &* Shape.groupSize &+ vector &* Vector.laneCount &* 4
    let correction = Vector.loadWords(weights + offset)
    return record.isWide ? Vector.subtract(correction, Vector.splat(Encoding.sumBias)) : correction
  }

  /// Adds the products of one byte of the activations, at `bytes`.
  ///
  /// Written out: the compiler does not unroll a loop of this size, and its end costs.
  @inlinable @inline(__always)
  static func addPlane(
    _ bytes: UnsafeRawPointer, block: Int, _ weights: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    if Vector.productKind == .lanes { return addPlaneByLanes(bytes, block: block, weights, &sums) }
    if Shape.isNibble, Vector.hasNarrowDot {
      addFourGroups(0, block: block, weights, bytes, &sums)
      if Shape.blockLength == 32 {
        addFourGroups(4, block: block, weights, bytes, &sums)
      }
      return
    }
    addGroups(0, block: block, weights, bytes, &sums)
    addGroups(2, block: block, weights, bytes, &sums)
    if Shape.blockLength == 32 {
      addGroups(4, block: block, weights, bytes, &sums)
      addGroups(6, block: block, weights, bytes, &sums)
    }
  }

  /// Adds the products of eight columns: a group of four, and the next.
  @inlinable @inline(__always)
  static func addGroups(
    _ groupOfBlock: Int, block: Int, _ weights: UnsafeRawPointer, _ bytes: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let vectors = Vector.tileVectorCount
    let group = block &* (Shape.blockLength / 4) &+ groupOfBlock
    let columns = bytes + group &* 4 &* ActivationTile.tokenCount
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
    _ groupOfBlock: Int, block: Int, _ weights: UnsafeRawPointer, _ bytes: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let group = block &* (Shape.blockLength / 4) &+ groupOfBlock
    let columns = bytes + group &* 4 &* ActivationTile.tokenCount
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

import CInstructions

/// Sums of products of signed bytes: eight rows of weights, one vector, by up to six tokens.
extension IntegerTile {
  // MARK: One lane of the activations with a vector of rows

  /// Adds the products of one byte of the activations; written out, as in
  /// ``addPlane(_:block:_:_:)``.
  @inlinable @inline(__always)
  static func addPlaneByLanes(
    _ bytes: UnsafeRawPointer, block: Int, _ weights: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let group = block &* (Shape.blockLength / 4)
    addGroupByLanes(group, weights, bytes, &sums)
    addGroupByLanes(group &+ 1, weights, bytes, &sums)
    addGroupByLanes(group &+ 2, weights, bytes, &sums)
    addGroupByLanes(group &+ 3, weights, bytes, &sums)
    if Shape.blockLength == 32 {
      addGroupByLanes(group &+ 4, weights, bytes, &sums)
      addGroupByLanes(group &+ 5, weights, bytes, &sums)
      addGroupByLanes(group &+ 6, weights, bytes, &sums)
      addGroupByLanes(group &+ 7, weights, bytes, &sums)
    }
  }

  /// Adds the products of four columns.
  @inlinable @inline(__always)
  static func addGroupByLanes(
    _ group: Int, _ weights: UnsafeRawPointer, _ bytes: UnsafeRawPointer,
    _ sums: inout InlineArray<12, Vector.Words>
  ) {
    let columns = bytes + group &* 4 &* ActivationTile.tokenCount
    let rows = Vector.loadWords(weights + group &* Shape.groupSize)
    let first = loadWord4(columns)
    for token in 0..<min(4, tokenCount) {
      sums[token] = Vector.Products.laneDot(sums[token], first, lane: token, rows)
    }
    if tokenCount > 4 {
      let last = loadTwoWords(columns + 16)
      for token in 4..<tokenCount {
        sums[token] = Vector.Products.laneDot(sums[token], last, lane: token &- 4, rows)
      }
    }
  }

  // MARK: Two tokens with two rows

  /// ``blockSums(block:_:_:)`` by matrices: sums are [3 pairs of tokens][2 times four rows], in each four
  /// lanes [2 tokens][2 rows].
  @inlinable @inline(__always)
  static func pairedBlockSums(
    block: Int, _ weights: UnsafeRawPointer, _ record: Record
  ) -> InlineArray<12, Vector.Words> {
    let hasHighBytes = Encoding.planeCount == 2 || record.isWide
    var pairs = InlineArray<6, Vector.Words>(
      repeating: Vector.splat(Product.sumBias(isWide: record.isWide)))
    addPairedPlane(record.isWide ? record.highBytes : record.bytes, block: block, weights, &pairs)
    if hasHighBytes {
      for index in 0..<(2 &* pairCount) { pairs[index] = Vector.shiftLeft(pairs[index], by: 8) }
      // The compiler must not load the weights of the second pass during the first: they would not fit.
      compilerBarrier()
      addPairedPlane(
        record.isWide ? record.bytes : record.bytes + Encoding.planeSize, block: block, weights, &pairs)
    }
    var sums = InlineArray<12, Vector.Words>(repeating: Vector.splat(0 as Int32))
    for pair in 0..<pairCount {
      let (low, high) = (pairs[2 &* pair], pairs[2 &* pair &+ 1])
      sums[2 &* pair] = Vector.Products.firstPairs(low, high)
      sums[2 &* pair &+ 1] = Vector.Products.secondPairs(low, high)
    }
    return sums
  }

  @inlinable @inline(__always)
  static var pairCount: Int { (tokenCount &+ 1) / 2 }

  @inlinable @inline(__always)
  static func addPairedPlane(
    _ bytes: UnsafeRawPointer, block: Int, _ weights: UnsafeRawPointer,
    _ pairs: inout InlineArray<6, Vector.Words>
  ) {
    let group = block &* (Shape.blockLength / 8)
    addPairedGroup(group, weights, bytes, &pairs)
    addPairedGroup(group &+ 1, weights, bytes, &pairs)
    if Shape.blockLength == 32 {
      addPairedGroup(group &+ 2, weights, bytes, &pairs)
      addPairedGroup(group &+ 3, weights, bytes, &pairs)
    }
  }

  /// Adds the products of eight columns.
  @inlinable @inline(__always)
  static func addPairedGroup(
    _ group: Int, _ weights: UnsafeRawPointer, _ bytes: UnsafeRawPointer,
    _ pairs: inout InlineArray<6, Vector.Words>
  ) {
    let columns = bytes + group &* 8 &* ActivationTile.tokenCount
    let rows = weights + 2 &* group &* Shape.groupSize
    for half in 0..<2 {
      let fourRows = Vector.loadWords(rows + half &* Shape.groupSize)
      for pair in 0..<pairCount {
        let index = 2 &* pair &+ half
        pairs[index] = Vector.Products.matrixDot(pairs[index], loadWord4(columns + 16 &* pair), fourRows)
      }
    }
  }
}

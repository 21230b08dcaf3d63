import CInstructions

/// Which blocks of a token's row are spoiled by an outlier: those that 8 bits would round too coarsely.
///
/// In trained models a few activations are thousands of times as large as the others. A block of 32 that has
/// one gets a scale under which the other 31 vanish; norms take the outlier out of the result later, and the
/// rounding stays. So such a block gets 16 bits. A block counts as spoiled when its largest magnitude is
/// about 8 times as large as that of the block at the lower quartile of the row:
///
///     bin(x)    = the exponent of x and the first bit behind its point: two bins for a factor of two
///     quartile  = the bin of the block in place max(1, (blocks + 1) / 4), from the smallest
///     spoiled   ⇔ bin(largest of the block) ≥ quartile + 6
///
/// Bins make this exact integer arithmetic, and it depends on the token's own row alone, so that a text has
/// the same bits in every batch.
@usableFromInline
enum RowOutliers {
  /// The bits of a float below a bin: all of the mantissa but one bit.
  @inlinable @inline(__always)
  static var binShift: Int32 { 22 }
  /// Six half octaves: a factor of 8.
  @inlinable @inline(__always)
  static var distance: Int32 { 6 }
  /// The bin of NaNs; infinities are one below.
  @inlinable @inline(__always)
  static var lastBin: Int32 { 511 }

  /// - Parameter maxima: [blocks][8 tokens] int32: the largest magnitudes, as bits.
  /// - Returns: for each token, the bits from which on a largest magnitude is that of a spoiled block.
  @inlinable @inline(__always)
  static func threshold(_ maxima: UnsafeRawPointer, blockCount: Int) -> SIMD8<Int32> {
    let rank = splatWord8(Int32(truncatingIfNeeded: max(1, (blockCount &+ 1) / 4)))
    // The largest bin below which fewer than `rank` blocks lie, bit by bit.
    var bin = splatWord8(0)
    var bit: Int32 = 256
    while bit > 0 {
      let candidate = orWord8(bin, splatWord8(bit))
      let limit = shiftLeftWord8(candidate, binShift)
      var count = splatWord8(0)
      var block = 0
      while block < blockCount {
        count = addWord8(count, isBelowWord8(loadWord8(maxima + 32 &* block), limit))
        block &+= 1
      }
      // `isBelow` is −1 where it is so.
      let isFewer = isBelowWord8(subtractWord8(splatWord8(0), count), rank)
      bin = selectWord8(isFewer, candidate, bin)
      bit >>= 1
    }
    let first = minimumWord8(addWord8(bin, splatWord8(distance)), splatWord8(lastBin))
    return shiftLeftWord8(first, binShift)
  }
}

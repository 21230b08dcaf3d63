/// `Σ_k a[row, k] · b[k, column]` for 6 rows, exactly: ``TileMultiply`` for pairs of 16-bit integers.
///
/// A `k` is a pair: `a` has four bytes for each row and `k`, `b` four for each `k` and column. Strides count
/// these. Lanes are columns, 32 of them. The caller keeps the sums within 32 bits.
@usableFromInline
enum PairMultiply<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  static var rowCount: Int { 6 }
  @inlinable @inline(__always)
  static var columnCount: Int { 32 }

  /// `c[row, column] = factors[row] · Σ`
  @inlinable @inline(__always)
  static func multiply(
    _ a: UnsafeRawPointer, rowStride: Int, by b: UnsafeRawPointer, stride bStride: Int, depth: Int,
    factors: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, stride cStride: Int
  ) {
    typealias I = Instructions
    for column in stride(from: 0, to: columnCount, by: 2 * I.laneCount) {
      let sums = accumulate(a, rowStride, 1, b + 4 * column, bStride, depth)
      for row in 0..<6 {
        let factor = I.splat(factors[row])
        let address = c + (row * cStride + column)
        I.store(I.multiply(I.floats(sums[2 * row]), factor), to: address)
        I.store(I.multiply(I.floats(sums[2 * row + 1]), factor), to: address + I.laneCount)
      }
    }
  }

  /// `c[row, column] = c[row, column] · corrections[row] + factors[row] · Σ`, the last product added with one
  /// rounding.
  @inlinable @inline(__always)
  static func multiplyAccumulate(
    _ a: UnsafeRawPointer, depthStride: Int, by b: UnsafeRawPointer, stride bStride: Int, depth: Int,
    factors: UnsafePointer<Float>, corrections: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    stride cStride: Int
  ) {
    typealias I = Instructions
    for column in stride(from: 0, to: columnCount, by: 2 * I.laneCount) {
      let sums = accumulate(a, 1, depthStride, b + 4 * column, bStride, depth)
      for row in 0..<6 {
        for vector in 0..<2 {
          let address = c + (row * cStride + column + vector * I.laneCount)
          let corrected = I.multiply(I.loadFloats(address), I.splat(corrections[row]))
          let total = I.multiplyAdd(I.floats(sums[2 * row + vector]), I.splat(factors[row]), corrected)
          I.store(total, to: address)
        }
      }
    }
  }

  @inlinable @inline(__always)
  static func accumulate(
    _ a: UnsafeRawPointer, _ aStride: Int, _ aDepthStride: Int, _ b: UnsafeRawPointer, _ bStride: Int,
    _ depth: Int
  ) -> InlineArray<12, Instructions.Words> {
    typealias I = Instructions
    var sums = InlineArray<12, I.Words>(repeating: I.splat(0 as Int32))
    var k = 0
    while k < depth {
      let first = I.loadWords(b + 4 * k * bStride)
      let second = I.loadWords(b + 4 * (k * bStride + I.laneCount))
      for row in 0..<6 {
        let pair = (a + 4 * (row * aStride + k * aDepthStride)).loadUnaligned(as: Int32.self)
        sums[2 * row] = I.dotOfPairs(sums[2 * row], first, splat: pair)
        sums[2 * row + 1] = I.dotOfPairs(sums[2 * row + 1], second, splat: pair)
      }
      k += 1
    }
    return sums
  }
}

/// `c[row, column] = Σ_k a[row, k] · b[k, column]` for 6 rows, each output one accumulator in the order of
/// `k`.
///
/// `b` is [k, column] with a stride between two `k`; `c` is [row, column] with a stride between two rows; `a`
/// has a stride between two rows and, where it is stored transposed, another between two `k`.
///
/// Lanes are columns. 6 rows × 2 vectors are 12 accumulators: with two fused multiply-adds a cycle of 4
/// cycles' latency, 8 keep the units busy; 12 and the operands fill the 16 registers of AVX2. Columns go in
/// steps of two vectors; the last step may compute up to a step more than `columnCount`, so `b` must be
/// readable, and `c` writable, up to a multiple of 32 columns.
public enum TileMultiply<Instructions: VectorInstructions> {
  public static var rowCount: Int { 6 }

  @inlinable @inline(__always)
  public static func multiply(
    _ a: UnsafePointer<Float>, stride aStride: Int, by b: UnsafePointer<Float>, stride bStride: Int,
    depth: Int, columnCount: Int, into c: UnsafeMutablePointer<Float>, stride cStride: Int
  ) {
    typealias I = Instructions
    var column = 0
    while column < columnCount {
      var sums = InlineArray<12, I.Floats>(repeating: I.splat(Float(0)))
      accumulate(a, aStride, 1, b + column, bStride, depth, &sums)
      store(sums, c + column, cStride)
      column += 2 * I.laneCount
    }
  }

  /// `c[row, column] += Σ_k a[row, k] · b[k, column]`, the sum going on from what `c` holds.
  @inlinable @inline(__always)
  public static func multiplyAdd(
    _ a: UnsafePointer<Float>, stride aStride: Int, by b: UnsafePointer<Float>, stride bStride: Int,
    depth: Int, columnCount: Int, into c: UnsafeMutablePointer<Float>, stride cStride: Int
  ) {
    typealias I = Instructions
    var column = 0
    while column < columnCount {
      var sums = InlineArray<12, I.Floats>(repeating: I.splat(Float(0)))
      for row in 0..<6 {
        let address = c + row * cStride + column
        sums[2 * row] = I.loadFloats(address)
        sums[2 * row + 1] = I.loadFloats(address + I.laneCount)
      }
      accumulate(a, aStride, 1, b + column, bStride, depth, &sums)
      store(sums, c + column, cStride)
      column += 2 * I.laneCount
    }
  }

  /// `c[row, column] = c[row, column] · factors[row] + Σ_k a[row, k] · b[k, column]`
  @inlinable @inline(__always)
  public static func multiplyAccumulate(
    _ a: UnsafePointer<Float>, stride aStride: Int, depthStride: Int, by b: UnsafePointer<Float>,
    stride bStride: Int,
    depth: Int, columnCount: Int, into c: UnsafeMutablePointer<Float>, stride cStride: Int,
    scaledBy factors: UnsafePointer<Float>
  ) {
    typealias I = Instructions
    var column = 0
    while column < columnCount {
      var sums = InlineArray<12, I.Floats>(repeating: I.splat(Float(0)))
      for row in 0..<6 {
        let factor = I.splat(factors[row])
        let address = c + row * cStride + column
        sums[2 * row] = I.multiply(I.loadFloats(address), factor)
        sums[2 * row + 1] = I.multiply(I.loadFloats(address + I.laneCount), factor)
      }
      accumulate(a, aStride, depthStride, b + column, bStride, depth, &sums)
      store(sums, c + column, cStride)
      column += 2 * I.laneCount
    }
  }

  @inlinable @inline(__always)
  static func accumulate(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ aDepthStride: Int,
    _ b: UnsafePointer<Float>, _ bStride: Int, _ depth: Int,
    _ sums: inout InlineArray<12, Instructions.Floats>
  ) {
    typealias I = Instructions
    var k = 0
    while k < depth {
      let first = I.loadFloats(b + k * bStride)
      let second = I.loadFloats(b + k * bStride + I.laneCount)
      for row in 0..<6 {
        let factor = I.splat(a[row * aStride + k * aDepthStride])
        sums[2 * row] = I.multiplyAdd(factor, first, sums[2 * row])
        sums[2 * row + 1] = I.multiplyAdd(factor, second, sums[2 * row + 1])
      }
      k += 1
    }
  }

  @inlinable @inline(__always)
  static func store(
    _ sums: InlineArray<12, Instructions.Floats>, _ c: UnsafeMutablePointer<Float>, _ cStride: Int
  ) {
    for row in 0..<6 {
      Instructions.store(sums[2 * row], to: c + row * cStride)
      Instructions.store(sums[2 * row + 1], to: c + row * cStride + Instructions.laneCount)
    }
  }
}

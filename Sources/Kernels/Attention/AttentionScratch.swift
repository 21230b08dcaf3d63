/// The buffers of one tile of attention, cut from one piece of memory.
public struct AttentionScratch {
  /// The most query rows of a tile: a multiple of ``blockLength`` and of the 6 rows of ``TileMultiply``.
  /// Every tile reads all keys and values before it, from memory where a text is long: at 192 rows 10 GB/s a
  /// core. With 128 components a head, queries, weights and outputs of this many rows take 350 KB of a
  /// second-level cache.
  @inlinable public static var rowCapacity: Int { 192 }
  /// The keys between two updates of the running maximum, a multiple of 6. A definition: other steps give
  /// other bits.
  @inlinable public static var stepLength: Int { 192 }
  /// Columns that ``TileMultiply`` computes at once with the widest vectors.
  @inlinable static var blockLength: Int { 32 }

  /// [headDimension, rowCapacity]: transposed, scaled
  public let queries: UnsafeMutablePointer<Float>
  /// [stepLength, rowCapacity]: scores, then weights, transposed
  public let weights: UnsafeMutablePointer<Float>
  /// [rowCapacity, outputStride]: sums of weighted values
  public let outputs: UnsafeMutablePointer<Float>
  public let outputStride: Int
  /// [rowCapacity] each
  public let maxima: UnsafeMutablePointer<Float>
  public let corrections: UnsafeMutablePointer<Float>
  public let sums: UnsafeMutablePointer<Float>
  /// [2 · rowCapacity]: −∞, then ∞
  @usableFromInline let allLimits: UnsafeMutablePointer<Float>

  @inlinable @inline(__always)
  public init(_ memory: UnsafeMutableRawPointer, headDimension: Int) {
    outputStride = Self.paddedDimension(headDimension)
    let rows = Self.rowCapacity
    queries = memory.assumingMemoryBound(to: Float.self)
    weights = queries + rows * outputStride
    outputs = weights + rows * Self.stepLength
    maxima = outputs + rows * outputStride
    corrections = maxima + rows
    sums = corrections + rows
    allLimits = sums + rows
  }

  @inlinable
  public static func byteCount(headDimension: Int) -> Int {
    rowCapacity * (2 * paddedDimension(headDimension) + stepLength + 5) * MemoryLayout<Float>.stride
  }

  /// The state before the first key.
  @inlinable @inline(__always)
  func reset(rowCount: Int) {
    maxima.update(repeating: -.infinity, count: Self.rowCapacity)
    sums.update(repeating: 0, count: Self.rowCapacity)
    corrections.update(repeating: 0, count: Self.rowCapacity)
    let rowStep = 6
    outputs.update(repeating: 0, count: (rowCount + rowStep - 1) / rowStep * rowStep * outputStride)
    allLimits.update(repeating: -.infinity, count: Self.rowCapacity)
    (allLimits + Self.rowCapacity).update(repeating: .infinity, count: Self.rowCapacity)
  }

  /// The largest score that each row may have for a key which the first `count` rows do not see: −∞ for
  /// these, ∞ for the others. [rowCapacity]
  @inlinable @inline(__always)
  func limits(hiddenRowCount count: Int) -> UnsafePointer<Float> {
    UnsafePointer(allLimits + (Self.rowCapacity - count))
  }

  /// `headDimension` rounded up to whole blocks of 32 columns.
  @inlinable
  static func paddedDimension(_ headDimension: Int) -> Int {
    (headDimension + blockLength - 1) / blockLength * blockLength
  }
}

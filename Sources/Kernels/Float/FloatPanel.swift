import CInstructions

/// A panel of weights as the float multiply reads it: 32 output rows, transposed, [columns][32], float32.
public enum FloatPanel {
  /// Output rows of a panel: two vectors of AVX-512.
  public static var rowCount: Int { 32 }
  /// Columns that are unpacked together: 256 · 32 floats fill two thirds of a first-level cache of 48 KB, and
  /// 256 is a multiple of every format's block.
  public static var columnCount: Int { 256 }
  /// Floats for one step: the rows as dequantized, then the panel.
  static var scratchCount: Int { 2 * rowCount * columnCount }

  /// Writes columns `columns` of the rows to `panel`. Rows that the matrix lacks become 0.
  ///
  /// - Parameters:
  ///   - rows: where the first row starts; `rowCount` of them, `rowByteCount` bytes apart.
  ///   - dense: room for 32 · 256 floats.
  @inlinable @inline(__always)
  static func unpack(
    _ format: BlockFormat, rows: UnsafeRawPointer, rowCount: Int, rowByteCount: Int, columns: Range<Int>,
    dense: UnsafeMutablePointer<Float>, into panel: UnsafeMutablePointer<Float>
  ) {
    let offset = format.byteCount(ofValues: columns.lowerBound)
    var row = 0
    while row < rowCount {
      format.dequantizeInlined(
        rows + row * rowByteCount + offset, count: columns.count, into: dense + row * columnCount)
      row += 1
    }
    (dense + rowCount * columnCount).update(repeating: 0, count: (Self.rowCount - rowCount) * columnCount)
    // Whole squares: the columns after the last are of no concern to anybody.
    var column = 0
    while column < columns.count {
      row = 0
      while row < Self.rowCount {
        transposeFloat8x8(
          dense + row * columnCount + column, columnCount, panel + column * Self.rowCount + row, Self.rowCount
        )
        row += 8
      }
      column += 8
    }
  }
}

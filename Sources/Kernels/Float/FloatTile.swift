/// A tile of the float multiply: `y[token, row] = Σ_column x[token, column] · w[row, column]` for one panel
/// of up to 32 weight rows and any number of tokens.
///
/// Every output is one accumulator, from 0, in column order, with fused multiply-adds: its bits depend on
/// nothing but its row of `x` and its row of `w`. Columns go in steps of 256, between which the accumulators
/// wait in `y`. 12 fused multiply-adds for 8 loads in the inner loop; unpacking is paid once for all the
/// tokens of the tile.
public enum FloatTile<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ tile: FloatTileArguments) {
    let dense = tile.scratch
    let panel = dense + FloatPanel.rowCount * FloatPanel.columnCount
    let sums = panel + FloatPanel.rowCount * FloatPanel.columnCount
    let tokenStep = TileMultiply<Instructions>.rowCount
    let isWhole = tile.rowCount == FloatPanel.rowCount
    var column = 0
    while column < tile.columnCount {
      let count = min(FloatPanel.columnCount, tile.columnCount - column)
      let start = tile.unpackTimer.start()
      FloatPanel.unpack(
        tile.format, rows: tile.rows, rowCount: tile.rowCount, rowByteCount: tile.rowByteCount,
        columns: column..<column + count, dense: dense, into: panel)
      tile.unpackTimer.stop(start)
      var token = 0
      while token < tile.tokenCount {
        let x = tile.x + token * tile.xStride + column
        let y = isWhole ? tile.y + token * tile.yStride : sums + token * FloatPanel.rowCount
        let yStride = isWhole ? tile.yStride : FloatPanel.rowCount
        if column == 0 {
          TileMultiply<Instructions>.multiply(
            x, stride: tile.xStride, by: panel, stride: FloatPanel.rowCount, depth: count,
            columnCount: FloatPanel.rowCount, into: y, stride: yStride)
        } else {
          TileMultiply<Instructions>.multiplyAdd(
            x, stride: tile.xStride, by: panel, stride: FloatPanel.rowCount, depth: count,
            columnCount: FloatPanel.rowCount, into: y, stride: yStride)
        }
        token += tokenStep
      }
      column += FloatPanel.columnCount
    }
    if !isWhole { copyRows(of: sums, to: tile) }
  }

  /// The outputs of a panel with fewer than 32 rows, from where they were summed.
  @inlinable @inline(__always)
  static func copyRows(of sums: UnsafePointer<Float>, to tile: FloatTileArguments) {
    var token = 0
    while token < tile.tokenCount {
      (tile.y + token * tile.yStride).update(from: sums + token * FloatPanel.rowCount, count: tile.rowCount)
      token += 1
    }
  }
}

/// What ``FloatTile`` works on. Strides are in floats.
public struct FloatTileArguments {
  public var format: BlockFormat
  /// The first of `rowCount` weight rows, 1 to 32, `rowByteCount` bytes apart.
  public var rows: UnsafeRawPointer
  public var rowByteCount: Int
  public var rowCount: Int
  public var columnCount: Int
  /// [tokenCount, xStride]. Rows up to a multiple of 6 are read.
  public var x: UnsafePointer<Float>
  public var xStride: Int
  /// [tokenCount, yStride], of which `rowCount` are written. With 32 rows, token rows up to a multiple of 6
  /// are written.
  public var y: UnsafeMutablePointer<Float>
  public var yStride: Int
  public var tokenCount: Int
  /// ``scratchCount(tokenCount:)`` floats, aligned to 64 bytes.
  public var scratch: UnsafeMutablePointer<Float>
  public var unpackTimer: UnpackTimer

  static func scratchCount(tokenCount: Int) -> Int {
    FloatPanel.scratchCount + (tokenCount + 6) * FloatPanel.rowCount
  }
}

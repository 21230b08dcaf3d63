/// `y[token, row] = Σ x[token, column] · w[row, column]` in float32, tiles of ``FloatTile`` shared out among
/// the workers.
struct FloatMultiply {
  /// Tokens of a tile: their activations stay in the second-level cache while panel after panel is
  /// multiplied.
  static let tileTokenCount = 1020

  let kernels: any KernelSet
  let workers: Workers
  let scratch: ScratchBuffers
  let clock: StageClock?

  func callAsFunction(_ x: Activations, _ products: [(WeightMatrix, Activations)]) {
    let panels = MatrixPanel.all(of: products, rowCount: FloatPanel.rowCount)
    let unpackTimers = clock.unpackTimers
    clock.forEach(panels.count, on: workers) { index, worker in
      let panel = panels[index]
      let weight = panel.weight
      for firstToken in stride(from: 0, to: x.rowCount, by: Self.tileTokenCount) {
        let tokens = min(Self.tileTokenCount, x.rowCount - firstToken)
        kernels.multiplyFloats(
          FloatTileArguments(
            format: weight.format, rows: weight.unsafeRow(panel.rows.lowerBound),
            rowByteCount: weight.rowByteCount,
            rowCount: panel.rows.count, columnCount: weight.columnCount,
            x: x.unsafeRow(firstToken), xStride: x.columnCount,
            y: panel.output.unsafeRow(firstToken) + panel.rows.lowerBound, yStride: panel.output.columnCount,
            tokenCount: tokens,
            scratch: scratch.floats(of: worker, count: FloatTileArguments.scratchCount(tokenCount: tokens)),
            unpackTimer: unpackTimers[worker]))
      }
    }
  }
}

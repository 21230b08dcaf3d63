/// `y[token, row] = Σ x[token, column] · w[row, column]` in float32 by OpenBLAS: somebody else's arithmetic,
/// to check ``FloatMultiply`` against.
///
/// The weights are dequantized a panel of rows at a time; a worker multiplies its panel with all the tokens,
/// a tile of tokens at a time. A token's bits depend on its place in the tile (OpenBLAS's Haswell kernel sums
/// the first and the last six of twelve tokens in different orders; its SkylakeX kernel has a path of its own
/// for small products), so this path promises agreement, not bits.
struct OpenBLASMultiply {
  /// Rows of weights that are dequantized together. OpenBLAS copies its operands before it multiplies; at
  /// this size the copy of the activations is a few percent of the multiply.
  static let panelRowCount = 256
  /// Tokens in one call of OpenBLAS: a multiple of ``Activations/rowPadding``.
  static let tileTokenCount = 384

  let library: OpenBLAS
  let kernels: any KernelSet
  let workers: Workers
  let scratch: ScratchBuffers
  let clock: StageClock?

  func callAsFunction(_ x: Activations, _ products: [(WeightMatrix, Activations)]) {
    let panels = MatrixPanel.all(of: products, rowCount: Self.panelRowCount)
    let unpackTimers = clock.unpackTimers
    clock.forEach(panels.count, on: workers) { index, worker in
      let panel = panels[index]
      let weight = panel.weight
      let values = scratch.floats(of: worker, count: Self.panelRowCount * weight.columnCount)
      let unpackTimer = unpackTimers[worker]
      let start = unpackTimer.start()
      weight.dequantize(rows: panel.rows, into: values, with: kernels)
      unpackTimer.stop(start)
      for firstToken in stride(from: 0, to: x.rowCount, by: Self.tileTokenCount) {
        let tokens = min(Self.tileTokenCount, x.rowCount - firstToken)
        let padded = (tokens + Activations.rowPadding - 1) / Activations.rowPadding * Activations.rowPadding
        library.multiply(
          tokenCount: padded, rowCount: panel.rows.count, columnCount: weight.columnCount,
          x: x.unsafeRow(firstToken), xStride: x.columnCount, w: values,
          y: panel.output.unsafeRow(firstToken) + panel.rows.lowerBound, yStride: panel.output.columnCount)
      }
    }
  }
}

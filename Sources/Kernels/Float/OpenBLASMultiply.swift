/// `y[token, row] = Σ x[token, column] · w[row, column]` in float32 by OpenBLAS: somebody else's arithmetic, to check
/// ``FloatMultiply`` against.
///
/// The weights are dequantised a panel of rows at a time; a worker multiplies its panel with all the tokens, a tile of
/// tokens at a time. A token's bits depend on its place in the tile (OpenBLAS's Haswell kernel sums the first and the
/// last six of twelve tokens in different orders; its SkylakeX kernel has a path of its own for small products), so
/// this path promises agreement, not bits.
struct OpenBLASMultiply {
  /// Rows of weights that are dequantised together. OpenBLAS copies its operands before it multiplies; at this size
  /// the copy of the activations is a few percent of the multiply.
  static let panelRowCount = 256
  /// Tokens in one call of OpenBLAS: a multiple of ``Activations/rowPadding``.
  static let tileTokenCount = 384

  let library: OpenBLAS
  let kernels: any KernelSet
  let workers: Workers
  let panels: ScratchBuffers
  let clock: StageClock?

  func callAsFunction(_ x: Activations, _ products: [(WeightMatrix, Activations)]) {
    let tasks = products.indices.flatMap { product in
      stride(from: 0, to: products[product].0.rowCount, by: Self.panelRowCount).map { (product, $0) }
    }
    workers.forEach(tasks.count) { index, worker in
      let (product, firstRow) = tasks[index]
      let weight = products[product].0
      let output = products[product].1
      let rows = firstRow..<min(firstRow + Self.panelRowCount, weight.rowCount)
      let panel = panels.floats(of: worker, count: Self.panelRowCount * weight.columnCount)
      let unpackTimer = clock?.unpackTimer(of: worker) ?? .off
      let start = unpackTimer.start()
      weight.dequantize(rows: rows, into: panel, with: kernels)
      unpackTimer.stop(start)
      for firstToken in stride(from: 0, to: x.rowCount, by: Self.tileTokenCount) {
        let tokens = min(Self.tileTokenCount, x.rowCount - firstToken)
        let padded = (tokens + Activations.rowPadding - 1) / Activations.rowPadding * Activations.rowPadding
        library.multiply(
          tokenCount: padded, rowCount: rows.count, columnCount: weight.columnCount,
          x: x.unsafeRow(firstToken), xStride: x.columnCount, w: panel,
          y: output.unsafeRow(firstToken) + firstRow, yStride: output.columnCount)
      }
    }
  }
}

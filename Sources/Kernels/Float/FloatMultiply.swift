/// `y[token, row] = Σ x[token, column] · w[row, column]` in float32, tiles of ``FloatTile`` shared out among the workers.
struct FloatMultiply {
  /// Tokens of a tile: their activations stay in the second-level cache while panel after panel is multiplied.
  static let tileTokenCount = 1020

  let kernels: any KernelSet
  let workers: Workers
  let scratch: ScratchBuffers
  let clock: StageClock?

  func callAsFunction(_ x: Activations, _ products: [(WeightMatrix, Activations)]) {
    let tasks = products.indices.flatMap { product in
      stride(from: 0, to: products[product].0.rowCount, by: FloatPanel.rowCount).map { (product, $0) }
    }
    workers.forEach(tasks.count) { index, worker in
      let (product, firstRow) = tasks[index]
      let weight = products[product].0
      let output = products[product].1
      for firstToken in stride(from: 0, to: x.rowCount, by: Self.tileTokenCount) {
        let tokens = min(Self.tileTokenCount, x.rowCount - firstToken)
        kernels.multiplyFloats(
          FloatTileArguments(
            format: weight.format, rows: weight.unsafeRow(firstRow), rowByteCount: weight.rowByteCount,
            rowCount: min(FloatPanel.rowCount, weight.rowCount - firstRow), columnCount: weight.columnCount,
            x: x.unsafeRow(firstToken), xStride: x.columnCount,
            y: output.unsafeRow(firstToken) + firstRow, yStride: output.columnCount,
            tokenCount: tokens,
            scratch: scratch.floats(of: worker, count: FloatTileArguments.scratchCount(tokenCount: tokens)),
            unpackTimer: clock?.unpackTimer(of: worker) ?? .off))
      }
    }
  }
}

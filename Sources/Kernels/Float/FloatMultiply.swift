/// `y[token, row] = Σ x[token, column] · w[row, column]` in float32, tiles of ``FloatTile`` shared out among the workers.
struct FloatMultiply {
  /// Tokens of a tile: their activations stay in the second-level cache while panel after panel is multiplied.
  static let tileTokenCount = 1020

  let kernels: any KernelSet
  let workers: Workers
  let scratch: ScratchBuffers

  func callAsFunction(_ x: Activations, by weights: [WeightMatrix], into outputs: [Compute.Output]) {
    let tasks = weights.indices.flatMap { matrix in
      stride(from: 0, to: weights[matrix].rowCount, by: FloatPanel.rowCount).map { (matrix, $0) }
    }
    workers.forEach(tasks.count) { index, worker in
      let (matrix, firstRow) = tasks[index]
      let weight = weights[matrix]
      let output = outputs[matrix].matrix
      let firstOutputRow = outputs[matrix].firstRow
      for firstToken in stride(from: 0, to: x.rowCount, by: Self.tileTokenCount) {
        let tokens = min(Self.tileTokenCount, x.rowCount - firstToken)
        kernels.multiplyFloats(
          FloatTileArguments(
            format: weight.format, rows: weight.unsafeRow(firstRow), rowByteCount: weight.rowByteCount,
            rowCount: min(FloatPanel.rowCount, weight.rowCount - firstRow), columnCount: weight.columnCount,
            x: x.unsafeRow(firstToken), xStride: x.columnCount,
            y: output.unsafeRow(firstOutputRow + firstToken) + firstRow, yStride: output.columnCount,
            tokenCount: tokens,
            scratch: scratch.floats(of: worker, count: FloatTileArguments.scratchCount(tokenCount: tokens))))
      }
    }
  }
}

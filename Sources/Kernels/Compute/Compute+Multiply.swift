extension Compute {
  /// `outputs[j] = x · weights[j]ᵀ` for several matrices with the same input. An output becomes as many rows
  /// as `x`.
  ///
  /// With integer activations `x` is quantized once for all matrices that have integers; the others (F32,
  /// F16, BF16) meet it as float32.
  ///
  /// - Parameter steps: what makes `x`, whose rows they have. They run first; where integers are multiplied,
  ///   in the jobs that quantize.
  package func multiply(
    _ x: Activations, by weights: [WeightMatrix], into outputs: [Activations], after steps: [RowStep] = []
  ) {
    precondition(weights.count == outputs.count && steps.allSatisfy { $0.rowCount == x.rowCount })
    for (weight, output) in zip(weights, outputs) {
      precondition(weight.columnCount == x.columnCount && weight.rowCount == output.columnCount)
      output.resize(rowCount: x.rowCount)
    }
    guard x.rowCount > 0 else { return }
    let all = Array(zip(weights, outputs))
    let precision = integerPrecision
    let integers = all.filter { precision != nil && $0.0.hasIntegers }
    let floats = all.filter { precision == nil || !$0.0.hasIntegers }
    if let precision, !integers.isEmpty {
      multiplyIntegers(x, integers, precision: precision, after: steps)
    } else {
      run(steps)
    }
    if !floats.isEmpty { multiplyFloats(x, floats) }
    for (weight, output) in all { scale(output, by: weight.factor) }
  }

  /// Multiplies all values by a matrix's own factor.
  func scale(_ values: Activations, by factor: Float) {
    guard factor != 1 else { return }
    let timing = begin(.elementwise, .scale, rows: values.rowCount, columns: values.columnCount)
    defer { timing.end() }
    forEachRowRange(values.rowCount, columnCount: values.columnCount) { range in
      let start = values.unsafeRow(range.lowerBound)
      for index in 0..<(range.count * values.columnCount) { start[index] *= factor }
    }
  }

  private func multiplyFloats(_ x: Activations, _ products: [(WeightMatrix, Activations)]) {
    let timing = begin(.multiply, .multiply, rows: x.rowCount, columns: x.columnCount, tileRows: 6)
    switch floatMultiplier {
    case .touchstone:
      FloatMultiply(kernels: kernels, workers: workers, scratch: scratch, clock: clock)(x, products)
    case .openBLAS(let library):
      OpenBLASMultiply(
        library: library, kernels: kernels, workers: workers, scratch: scratch, clock: clock)(x, products)
    }
    timing.endMultiply(threadCount: workers.count) { record in
      for (weight, _) in products {
        record.floatOperations += 2 * x.rowCount * weight.rowCount * weight.columnCount
        record.weightBytes += weight.rowCount * weight.rowByteCount
      }
    }
  }

  private func multiplyIntegers(
    _ x: Activations, _ products: [(WeightMatrix, Activations)], precision: IntegerPrecision,
    after steps: [RowStep]
  ) {
    let joined = joins(steps) ? steps : []
    if joined.isEmpty { runAlone(steps, joinsNext: true) }
    let quantizing = begin(.quantize, .quantize, rows: x.rowCount, columns: x.columnCount)
    let activations = quantized.activations(
      tokenCount: x.rowCount, columnCount: x.columnCount, precision: precision,
      layout: kernels.activationLayout(tokenCount: x.rowCount, precision: precision))
    let tokensPerTile = activations.layout.tokensPerTile
    clock.forEach(activations.tileCount, on: workers) { tile, _ in
      let rows = tile * tokensPerTile..<min((tile + 1) * tokensPerTile, x.rowCount)
      for step in joined { step.body(rows) }
      kernels.quantize(x.unsafeElements, rowStride: x.columnCount, tiles: tile..<tile + 1, into: activations)
    }
    quantizing.end()

    let timing = begin(
      .multiply, .multiply, rows: x.rowCount, columns: x.columnCount,
      tileRows: activations.layout.tokensPerTile)
    let panels = MatrixPanel.all(of: products, rowCount: IntegerMultiply.panelRowCount)
    let pieces = TokenPieces(
      tokenCount: activations.tokenCount, tileCount: activations.tileCount, panelCount: panels.count,
      workerCount: workers.count)
    let itemCount = panels.count * pieces.count
    let unpackTimers = clock.unpackTimers
    clock.forEach(itemCount, on: workers) { index, worker in
      let panel = panels[index % panels.count]
      guard let matrix = panel.weight.quantized else { return }
      // The other workers take those in between.
      let next = index + workers.count
      kernels.multiply(
        matrix, rows: panel.rows, by: activations, tiles: pieces.tiles(index / panels.count),
        into: panel.output.unsafeElements, outputStride: panel.output.columnCount,
        next: next < itemCount
          ? panels[next % panels.count].bytes : UnsafeRawBufferPointer(start: nil, count: 0),
        scratch: scratch.bytes(
          of: worker, count: IntegerMultiply.scratchByteCount(columnCount: panel.weight.columnCount)),
        unpackTimer: unpackTimers[worker])
    }
    timing.endMultiply(threadCount: min(workers.count, itemCount)) { record in
      for (weight, _) in products {
        let operations = 2 * x.rowCount * weight.rowCount * weight.columnCount
        record.dotOperations += precision == .i16 ? 2 * operations : operations
        record.weightBytes += weight.rowCount * weight.rowByteCount
      }
    }
  }
}

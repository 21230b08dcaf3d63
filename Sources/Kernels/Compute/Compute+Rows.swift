// Operations that take each row by itself. Those named after what they do run at once; those in -ing give a
// ``RowStep``.
extension Compute {
  /// `output[i] = RMSNorm(input[rows][i])`, row by row; see ``RMSNorm``. `output` becomes as many rows.
  package func normalizing(
    _ input: Activations, rows: Range<Int>, weight: [Float], epsilon: Float, into output: Activations
  ) -> RowStep {
    precondition(weight.count == input.columnCount && output.columnCount == input.columnCount)
    precondition(rows.upperBound <= input.rowCount)
    output.resize(rowCount: rows.count)
    return RowStep(.norms, .normalize, rowCount: rows.count, columnCount: input.columnCount) { range in
      kernels.rmsNorm(
        input.unsafeRow(rows.lowerBound + range.lowerBound), stride: input.columnCount, rowCount: range.count,
        count: input.columnCount, weight: weight, epsilon: epsilon,
        into: output.unsafeRow(range.lowerBound), stride: output.columnCount)
    }
  }

  package func normalize(
    _ input: Activations, rows: Range<Int>, weight: [Float], epsilon: Float, into output: Activations
  ) {
    run([normalizing(input, rows: rows, weight: weight, epsilon: epsilon, into: output)])
  }

  /// RMSNorm of every head, in place: `weight.count` components each, `heads.columnCount / weight.count` of
  /// them.
  package func normalizingHeads(_ heads: Activations, weight: [Float], epsilon: Float) -> RowStep {
    let dimension = weight.count
    precondition(heads.columnCount % dimension == 0)
    return RowStep(
      .norms, .normalizeHeads, rowCount: heads.rowCount, columnCount: heads.columnCount
    ) { range in
      let start = heads.unsafeRow(range.lowerBound)
      kernels.rmsNorm(
        start, stride: dimension, rowCount: range.count * heads.columnCount / dimension, count: dimension,
        weight: weight, epsilon: epsilon, into: start, stride: dimension)
    }
  }

  package func normalizeHeads(_ heads: Activations, weight: [Float], epsilon: Float) {
    run([normalizingHeads(heads, weight: weight, epsilon: epsilon)])
  }

  /// Turns every head by its row's position, in place; see ``RotaryEmbedding``.
  package func rotating(_ heads: Activations, positions: [Int], table: RotaryTable) -> RowStep {
    precondition(positions.count == heads.rowCount && heads.columnCount % (2 * table.half) == 0)
    return RowStep(
      .elementwise, .rotate, rowCount: heads.rowCount, columnCount: heads.columnCount
    ) { range in
      table.withAngles { cosines, sines in
        for row in range {
          kernels.rotate(
            heads.unsafeRow(row), headCount: heads.columnCount / (2 * table.half), half: table.half,
            cosines: cosines + positions[row] * table.half, sines: sines + positions[row] * table.half)
        }
      }
    }
  }

  package func rotate(_ heads: Activations, positions: [Int], table: RotaryTable) {
    run([rotating(heads, positions: positions, table: table)])
  }

  /// `gate ← silu(gate) · up`; see ``SwiGLU``.
  package func activating(_ gate: Activations, with up: Activations) -> RowStep {
    precondition(gate.columnCount == up.columnCount && gate.rowCount == up.rowCount)
    let columns = gate.columnCount
    return RowStep(.elementwise, .activate, rowCount: gate.rowCount, columnCount: columns) { range in
      kernels.swiGLU(
        gate.unsafeRow(range.lowerBound), up.unsafeRow(range.lowerBound), count: range.count * columns)
    }
  }

  package func activate(_ gate: Activations, with up: Activations) { run([activating(gate, with: up)]) }

  /// `sum[rows][i] += addend[i]`
  package func adding(_ addend: Activations, to sum: Activations, rows: Range<Int>) -> RowStep {
    precondition(addend.columnCount == sum.columnCount && addend.rowCount == rows.count)
    precondition(rows.upperBound <= sum.rowCount)
    return RowStep(.elementwise, .add, rowCount: rows.count, columnCount: addend.columnCount) { range in
      kernels.addResidual(
        addend.unsafeRow(range.lowerBound), to: sum.unsafeRow(rows.lowerBound + range.lowerBound),
        count: range.count * addend.columnCount)
    }
  }

  package func add(_ addend: Activations, to sum: Activations, rows: Range<Int>) {
    run([adding(addend, to: sum, rows: rows)])
  }

  /// `output[i] = table[ids[i]]`: rows of the embedding table as float32. `output` becomes as many rows.
  package func lookUp(_ ids: [Int32], in table: WeightMatrix, into output: Activations) {
    let timing = begin(.lookUp, .lookUp, rows: ids.count, columns: table.columnCount)
    precondition(output.columnCount == table.columnCount)
    output.resize(rowCount: ids.count)
    forEachRowRange(ids.count, columnCount: table.columnCount) { range in
      for index in range {
        let id = Int(ids[index])
        precondition(id >= 0 && id < table.rowCount)
        table.dequantize(rows: id..<id + 1, into: output.unsafeRow(index), with: kernels)
      }
    }
    timing.end()
    scale(output, by: table.factor)
  }
}

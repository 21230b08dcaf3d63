extension Compute {
  /// `output[i] = RMSNorm(input[rows][i])`, row by row; see ``RMSNorm``. `output` becomes as many rows.
  package func normalize(
    _ input: Activations, rows: Range<Int>, weight: [Float], epsilon: Float, into output: Activations
  ) {
    let timing = begin(.norms, .normalize, rows: rows.count, columns: input.columnCount)
    defer { timing.end() }
    precondition(weight.count == input.columnCount && output.columnCount == input.columnCount)
    precondition(rows.upperBound <= input.rowCount)
    output.resize(rowCount: rows.count)
    forEachRowRange(rows.count, columnCount: input.columnCount) { range in
      kernels.rmsNorm(
        input.unsafeRow(rows.lowerBound + range.lowerBound), stride: input.columnCount, rowCount: range.count,
        count: input.columnCount, weight: weight, epsilon: epsilon,
        into: output.unsafeRow(range.lowerBound), stride: output.columnCount)
    }
  }

  /// RMSNorm of every head, in place: `weight.count` components each, `heads.columnCount / weight.count` of
  /// them.
  package func normalizeHeads(_ heads: Activations, weight: [Float], epsilon: Float) {
    let timing = begin(.norms, .normalizeHeads, rows: heads.rowCount, columns: heads.columnCount)
    defer { timing.end() }
    let dimension = weight.count
    precondition(heads.columnCount % dimension == 0)
    forEachRowRange(heads.rowCount, columnCount: heads.columnCount) { range in
      let start = heads.unsafeRow(range.lowerBound)
      kernels.rmsNorm(
        start, stride: dimension, rowCount: range.count * heads.columnCount / dimension, count: dimension,
        weight: weight, epsilon: epsilon, into: start, stride: dimension)
    }
  }

  /// Turns every head by its row's position, in place; see ``RotaryEmbedding``.
  package func rotate(_ heads: Activations, positions: [Int], table: RotaryTable) {
    let timing = begin(.elementwise, .rotate, rows: heads.rowCount, columns: heads.columnCount)
    defer { timing.end() }
    precondition(positions.count == heads.rowCount && heads.columnCount % (2 * table.half) == 0)
    table.withAngles { cosines, sines in
      forEachRowRange(heads.rowCount, columnCount: heads.columnCount) { range in
        for row in range {
          kernels.rotate(
            heads.unsafeRow(row), headCount: heads.columnCount / (2 * table.half), half: table.half,
            cosines: cosines + positions[row] * table.half, sines: sines + positions[row] * table.half)
        }
      }
    }
  }

  /// `gate ← silu(gate) · up`; see ``SwiGLU``.
  package func activate(_ gate: Activations, with up: Activations) {
    let timing = begin(.elementwise, .activate, rows: gate.rowCount, columns: gate.columnCount)
    defer { timing.end() }
    precondition(gate.columnCount == up.columnCount && gate.rowCount == up.rowCount)
    let columns = gate.columnCount
    forEachRowRange(gate.rowCount, columnCount: columns) { range in
      kernels.swiGLU(
        gate.unsafeRow(range.lowerBound), up.unsafeRow(range.lowerBound), count: range.count * columns)
    }
  }

  /// `sum[rows][i] += addend[i]`
  package func add(_ addend: Activations, to sum: Activations, rows: Range<Int>) {
    let timing = begin(.elementwise, .add, rows: rows.count, columns: addend.columnCount)
    defer { timing.end() }
    precondition(addend.columnCount == sum.columnCount && addend.rowCount == rows.count)
    precondition(rows.upperBound <= sum.rowCount)
    forEachRowRange(rows.count, columnCount: addend.columnCount) { range in
      kernels.addResidual(
        addend.unsafeRow(range.lowerBound), to: sum.unsafeRow(rows.lowerBound + range.lowerBound),
        count: range.count * addend.columnCount)
    }
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

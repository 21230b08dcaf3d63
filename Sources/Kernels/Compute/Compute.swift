/// Who multiplies float32 matrices.
package enum FloatMultiplier: Sendable {
  /// The kernels of this module: the same bits everywhere.
  case touchstone
  /// OpenBLAS, as an independent check.
  case openBLAS(OpenBLAS)
}

/// The operations of a transformer on whole matrices: a kernel of the chosen instruction set for each tile,
/// the tiles shared out among the workers.
///
/// The bits of a result depend on the operands alone: not on the number of workers, not on the instruction
/// set, and for a row of a matrix not on the other rows.
package struct Compute: Sendable {
  package let kernels: any KernelSet
  package let workers: Workers
  let scratch: ScratchBuffers
  package private(set) var floatMultiplier: FloatMultiplier
  let quantized = QuantizedBuffer()
  /// The integers that activations become before they meet weights that have integers; nil for float32.
  private(set) var integerPrecision: IntegerPrecision?
  /// Where the time of stages is noted; nil: nowhere.
  var clock: StageClock?

  package init(kernels: any KernelSet, workers: Workers, floatMultiplier: FloatMultiplier = .touchstone) {
    self.kernels = kernels
    self.workers = workers
    self.floatMultiplier = floatMultiplier
    scratch = ScratchBuffers(workers: workers)
  }

  /// The same with activations of another precision.
  package func with(integerPrecision: IntegerPrecision?) -> Compute {
    var compute = self
    compute.integerPrecision = integerPrecision
    return compute
  }

  /// The same with another multiply of float32 matrices.
  package func with(floatMultiplier: FloatMultiplier) -> Compute {
    var compute = self
    compute.floatMultiplier = floatMultiplier
    return compute
  }

  /// Calls `body` with ranges that together are `0..<rowCount`, on the workers where there is enough to do;
  /// see ``RowPieces``.
  func forEachRowRange(_ rowCount: Int, columnCount: Int, _ body: (Range<Int>) -> Void) {
    let count = RowPieces.count(rowCount: rowCount, columnCount: columnCount, workerCount: workers.count)
    clock.forEach(count, on: workers) { index, _ in
      body(RowPieces.rows(index, of: count, rowCount: rowCount))
    }
  }
}

extension Compute {
  /// Where the rows of a product go.
  public enum Output {
    /// To a matrix, which becomes as many rows.
    case matrix(Activations)
    /// To rows of a larger matrix, which are there already.
    case rows(of: Activations, from: Int)

    var matrix: Activations {
      switch self {
      case .matrix(let matrix), .rows(of: let matrix, from: _): matrix
      }
    }

    var firstRow: Int {
      switch self {
      case .matrix: 0
      case .rows(of: _, from: let row): row
      }
    }
  }

  /// `outputs[j] = x · weights[j]ᵀ` for several matrices with the same input.
  public func multiply(_ x: Activations, by weights: [WeightMatrix], into outputs: [Output]) {
    precondition(weights.count == outputs.count)
    for (weight, output) in zip(weights, outputs) {
      precondition(weight.columnCount == x.columnCount && weight.rowCount == output.matrix.columnCount)
      switch output {
      case .matrix(let matrix): matrix.resize(rowCount: x.rowCount)
      case .rows(of: let matrix, from: let row): precondition(row + x.rowCount <= matrix.rowCount)
      }
    }
    switch floatMultiply {
    case .touchstone:
      FloatMultiply(kernels: kernels, workers: workers, scratch: scratch)(x, by: weights, into: outputs)
    case .openBLAS(let library):
      OpenBLASMultiply(library: library, kernels: kernels, workers: workers, panels: scratch)(
        x, by: weights, into: outputs)
    }
  }
}

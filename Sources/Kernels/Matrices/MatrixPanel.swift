/// A panel of rows of one of several weight matrices with the same input: what a worker multiplies at a time.
struct MatrixPanel {
  let weight: WeightMatrix
  /// Where all products of `weight` go.
  let output: Activations
  /// The rows of `weight`, which are columns of `output`.
  let rows: Range<Int>

  /// The weights of the panel, as the file has them.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: weight.unsafeRow(rows.lowerBound), count: rows.count * weight.rowByteCount)
  }

  /// All panels of all matrices, of `rowCount` rows each but for the last of a matrix, in their order.
  static func all(of products: [(WeightMatrix, Activations)], rowCount: Int) -> [MatrixPanel] {
    products.flatMap { weight, output in
      stride(from: 0, to: weight.rowCount, by: rowCount).map { first in
        MatrixPanel(
          weight: weight, output: output, rows: first..<min(first + rowCount, weight.rowCount))
      }
    }
  }
}

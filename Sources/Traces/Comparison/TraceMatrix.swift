/// Rows of one tensor. Row-major.
package struct TraceMatrix: Equatable, Sendable {
  package let rowCount: Int
  package let columnCount: Int
  package var values: [Float]

  package init(rowCount: Int, columnCount: Int, values: [Float]) {
    precondition(values.count == rowCount * columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  package func row(_ index: Int) -> ArraySlice<Float> {
    values[index * columnCount..<(index + 1) * columnCount]
  }

  /// The same size, a value for each place.
  func map(_ value: (_ row: Int, _ column: Int, Float) -> Double) -> TraceMatrix {
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let index = row * columnCount + column
        result.values[index] = Float(value(row, column, values[index]))
      }
    }
    return result
  }

  /// Rows in another order.
  func rows(_ order: [Int]) -> TraceMatrix {
    TraceMatrix(rowCount: order.count, columnCount: columnCount, values: order.flatMap { row($0) })
  }

  /// The largest distance of a row of `other` from this one's, in lengths of this one's row: ``RowErrors``.
  func distance(to other: TraceMatrix) -> Double {
    guard rowCount == other.rowCount, columnCount == other.columnCount else { return .infinity }
    var errors = RowErrors()
    errors.add(self, other)
    return errors.largest
  }
}

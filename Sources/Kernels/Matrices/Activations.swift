/// Activations: a row-major float32 matrix [rowCount, columnCount], a row a token.
///
/// The memory is kept from batch to batch and grows when a batch needs more. ``rowPadding`` more rows, and
/// ``slack`` floats after them, exist in memory so that tiles need no special last case; what they hold means
/// nothing.
///
/// Sendable: a matrix belongs to one workspace, and so to the thread that has the transformer's turn, which
/// resizes it between jobs only. The items of a job write different rows or columns, and none reads what
/// another writes.
package final class Activations: @unchecked Sendable {
  /// Tiles of the matrix multiply are whole multiples of this many rows.
  package static let rowPadding = 24
  /// Floats after the last padded row that a vector load may touch.
  static let slack = 64

  package let columnCount: Int
  package private(set) var rowCount = 0
  private var rowCapacity = 0
  /// The element at row 0, column 0. Valid until ``resize(rowCount:)``.
  package private(set) var unsafeElements: UnsafeMutablePointer<Float>

  package init(columnCount: Int, rowCount: Int = 0) {
    self.columnCount = columnCount
    unsafeElements = Self.allocate(0)
    resize(rowCount: rowCount)
  }

  deinit { unsafeElements.deallocate() }

  /// Makes room for `rowCount` rows. What the matrix held is lost where it has to grow.
  package func resize(rowCount: Int) {
    precondition(rowCount >= 0)
    if rowCount > rowCapacity {
      unsafeElements.deallocate()
      rowCapacity = rowCount
      unsafeElements = Self.allocate((rowCapacity + Self.rowPadding) * columnCount)
    }
    self.rowCount = rowCount
  }

  /// The values of one row.
  package func row(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < rowCount)
    return Array(UnsafeBufferPointer(start: unsafeRow(index), count: columnCount))
  }

  /// Moves the selected rows of `range`, counted from its start and ascending, to the start of `range`, in
  /// their order. The other rows of `range` are lost.
  package func gather(_ selected: [Int], of range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount && selected.count <= range.count)
    for (index, row) in selected.enumerated() where row != index {
      precondition(row > index && row < range.count)
      unsafeRow(range.lowerBound + index).update(from: unsafeRow(range.lowerBound + row), count: columnCount)
    }
  }

  func unsafeRow(_ index: Int) -> UnsafeMutablePointer<Float> { unsafeElements + index * columnCount }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = (count + slack) * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: count + slack)
    memory.initialize(repeating: 0, count: count + slack)
    return memory
  }
}

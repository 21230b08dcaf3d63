/// A weight matrix [rows, columns] in a quantized block format: a view of the file's bytes.
public struct QuantizedMatrix {
  public let address: UnsafeRawPointer
  public let format: BlockFormat
  public let rowCount: Int
  public let columnCount: Int

  /// - Requires: `address` has all rows, without gaps, at any alignment.
  /// - Returns: nil where no integer multiply is possible: the format has no integers (F32, F16, BF16), or a
  ///   row is not a whole number of blocks.
  public init?(address: UnsafeRawPointer, format: BlockFormat, rowCount: Int, columnCount: Int) {
    guard format.valuesPerBlock > 1, columnCount % format.valuesPerBlock == 0 else { return nil }
    self.address = address
    self.format = format
    self.rowCount = rowCount
    self.columnCount = columnCount
  }
}

/// A weight matrix [rowCount, columnCount] (out, in) as the file stores it: row-major, each row a whole
/// number of blocks. It borrows the mapped file's bytes; whoever makes one keeps the file open for as long.
///
/// Sendable: the bytes are those of a mapping that is never written, and everything here is a constant.
package struct WeightMatrix: @unchecked Sendable {
  package let format: BlockFormat
  package let rowCount: Int
  package let columnCount: Int
  /// What every product is multiplied by, beside what the blocks say: 1 but in files of NVFP4.
  package let factor: Float
  let bytes: UnsafeRawPointer

  /// - Requires: `columnCount` is a multiple of the format's block; `bytes` holds exactly the matrix.
  package init(
    format: BlockFormat, rowCount: Int, columnCount: Int, bytes: UnsafeRawBufferPointer, factor: Float = 1
  ) {
    precondition(columnCount % format.valuesPerBlock == 0)
    precondition(bytes.count == rowCount * format.byteCount(ofValues: columnCount))
    self.format = format
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.factor = factor
    self.bytes = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
  }

  package var rowByteCount: Int { format.byteCount(ofValues: columnCount) }

  /// Where row `index` starts.
  package func unsafeRow(_ index: Int) -> UnsafeRawPointer { bytes + index * rowByteCount }

  /// Whether the format has integers that integer activations can meet.
  var hasIntegers: Bool { quantized != nil }

  var quantized: QuantizedMatrix? {
    QuantizedMatrix(address: bytes, format: format, rowCount: rowCount, columnCount: columnCount)
  }

  /// Writes rows `rows` as float32 to `values`, row after row, without the ``factor``.
  func dequantize(rows: Range<Int>, into values: UnsafeMutablePointer<Float>, with kernels: any KernelSet) {
    kernels.dequantize(format, unsafeRow(rows.lowerBound), count: rows.count * columnCount, into: values)
  }
}

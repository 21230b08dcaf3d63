/// A tensor as its file describes it, checked: its bytes exist, and its rows are whole blocks.
package struct TensorInfo: Hashable, Sendable {
  package let name: String
  package let type: TensorType
  /// Row-major, outermost dimension first: a weight is [out, in], the embedding table [vocabulary, hidden].
  ///
  /// GGUF stores the innermost dimension first. The order is reversed once, where the file is read
  /// (and back, where one is written), and nowhere else.
  package let shape: [Int]
  /// Values in the tensor, the product of ``shape``.
  package let elementCount: Int
  /// Bytes that the values take in the file.
  package let byteCount: Int
  /// Which part of a split file holds the bytes, counted from 0; 0 for a single file.
  package let part: Int
  /// Where the bytes begin, counted from the start of that part.
  package let fileOffset: Int

  /// Values in a row: the innermost dimension. A row is whole blocks.
  package var rowLength: Int { shape[shape.count - 1] }
  package var rowCount: Int { elementCount / rowLength }
  package var rowByteCount: Int { rowLength / type.blockSize * type.blockByteCount }

  /// The bytes within its part.
  var byteRange: Range<Int> { fileOffset..<fileOffset + byteCount }
}

/// The rules of the format for one tensor, the same for a file that is read and one that is written.
struct TensorSize {
  /// ggml's limit; every program that reads these files shares it.
  static let dimensionLimit = 4

  let shape: [Int]
  let elementCount: Int
  let byteCount: Int

  /// Sizes of a tensor with `shape`, outermost dimension first.
  ///
  /// - Throws: Where a dimension is zero, the sizes do not fit in an `Int`, or a row is not whole blocks.
  init(name: String, type: TensorType, shape claimed: [UInt64]) throws(GGUFError.Reason) {
    guard (1...Self.dimensionLimit).contains(claimed.count) else {
      throw .dimensionCount(
        tensor: name, found: UInt32(clamping: claimed.count), limit: Self.dimensionLimit)
    }
    guard !claimed.contains(0) else { throw .emptyDimension(tensor: name, shape: claimed) }
    var elementCount = 1
    for dimension in claimed {
      let (product, overflow) = elementCount.multipliedReportingOverflow(by: Int(clamping: dimension))
      guard !overflow, dimension <= UInt64(Int.max) else {
        throw .tensorTooLarge(tensor: name, shape: claimed)
      }
      elementCount = product
    }
    let shape = claimed.map { Int($0) }
    let rowLength = shape[shape.count - 1]
    guard rowLength % type.blockSize == 0 else {
      throw .partialBlock(
        tensor: name, type: type.name, blockSize: type.blockSize, rowLength: rowLength)
    }
    let (byteCount, overflow) = (elementCount / type.blockSize)
      .multipliedReportingOverflow(by: type.blockByteCount)
    guard !overflow else { throw .tensorTooLarge(tensor: name, shape: claimed) }
    self.shape = shape
    self.elementCount = elementCount
    self.byteCount = byteCount
  }
}

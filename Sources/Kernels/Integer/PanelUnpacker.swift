/// Unpacks a panel: up to 32 rows of a matrix, all columns, from a block format into the canonical form.
///
/// Limited by shuffles and stores: a transpose of sixteen bytes of each row, a few operations on each four weights, and
/// one dot product for the corrections.
public enum PanelUnpacker<Instructions: VectorInstructions, Format: PanelFormat> {
  /// The bytes of a row in the file.
  @inlinable @inline(__always)
  static func rowSize(_ columnCount: Int) -> Int {
    columnCount / Format.Block.valuesPerBlock &* Format.Block.bytesPerBlock
  }

  /// - Parameters:
  ///   - source: the first row.
  ///   - rowCount: 1…32. The rest of the panel becomes rows of zeros.
  ///   - panel: room for a record for each 32 columns.
  ///   - edge: room for sixteen blocks.
  @inlinable @inline(never)
  static func run(
    _ source: UnsafeRawPointer, rowCount: Int, columnCount: Int, into panel: UnsafeMutableRawPointer,
    edge: UnsafeMutableRawPointer
  ) {
    let stride = rowSize(columnCount)
    let recordsPerBlock = Format.Block.valuesPerBlock / 32
    let blockCount = columnCount / Format.Block.valuesPerBlock
    for firstRow in Swift.stride(from: 0, to: 32, by: Instructions.laneCount) {
      var block = 0
      while block < blockCount {
        let rows = source + (firstRow &* stride &+ block &* Format.Block.bytesPerBlock)
        let writer = PanelWriter<Instructions, Format.Shape>(
          panel + (block &* recordsPerBlock &* Format.Shape.recordSize &+ firstRow &* 4))
        if firstRow &+ Instructions.laneCount <= rowCount {
          Format.unpack(rows, stride: stride, to: writer)
        } else {
          copyEdge(rows, stride: stride, rowCount: max(0, rowCount &- firstRow), to: edge)
          Format.unpack(edge, stride: Format.Block.bytesPerBlock, to: writer)
        }
        for record in 0..<recordsPerBlock {
          writer.storeCorrections(record: record)
        }
        block &+= 1
      }
    }
  }

  /// The blocks of the rows that exist, and zeros for those that do not.
  @inlinable @inline(__always)
  static func copyEdge(
    _ rows: UnsafeRawPointer, stride: Int, rowCount: Int, to edge: UnsafeMutableRawPointer
  ) {
    let blockSize = Format.Block.bytesPerBlock
    var row = 0
    while row < Instructions.laneCount {
      if row < rowCount {
        (edge + row &* blockSize).copyMemory(from: rows + row &* stride, byteCount: blockSize)
      } else {
        (edge + row &* blockSize).initializeMemory(as: UInt8.self, repeating: 0, count: blockSize)
      }
      row &+= 1
    }
  }
}

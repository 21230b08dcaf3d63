import CInstructions

/// Unpacks a panel: up to 32 rows of a matrix, all columns, from a block format into the canonical form.
///
/// Limited by shuffles and stores: a transpose of sixteen bytes of each row, a few operations on each four
/// weights, and one dot product for the corrections.
public enum PanelUnpacker<Instructions: VectorInstructions, Format: PanelFormat> {
  /// The bytes of a row in the file.
  @inlinable @inline(__always)
  static func rowSize(_ columnCount: Int) -> Int {
    columnCount / Format.Block.valuesPerBlock &* Format.Block.bytesPerBlock
  }

  /// - Parameters:
  ///   - source: the first row.
  ///   - rowCount: 1…32. The rest of the panel becomes rows of zeros.
  ///   - columns: whole blocks.
  ///   - sumBias: of the activations' encoding.
  ///   - hasHalves: ``ActivationEncoding/hasHalves``
  ///   - panel: room for a record for each 32 columns.
  ///   - edge: room for sixteen blocks.
  ///   - next: what to ask for in the meantime.
  @inlinable @inline(__always)
  static func run(
    _ source: UnsafeRawPointer, rowSize: Int, rowCount: Int, columns: Range<Int>, sumBias: Int32,
    hasHalves: Bool,
    into panel: UnsafeMutableRawPointer, edge: UnsafeMutableRawPointer,
    prefetching next: inout PrefetchedBytes
  ) {
    let recordsPerBlock = Format.Block.valuesPerBlock / 32
    let firstBlock = columns.lowerBound / Format.Block.valuesPerBlock
    let blockCount = columns.count / Format.Block.valuesPerBlock
    let recordSize = Format.Shape.recordSize(hasHalves: Instructions.multipliesHalves && hasHalves)
    let section = source + firstBlock &* Format.Block.bytesPerBlock
    for firstRow in Swift.stride(from: 0, to: 32, by: Instructions.laneCount) {
      var block = 0
      while block < blockCount {
        let rows = section + (firstRow &* rowSize &+ block &* Format.Block.bytesPerBlock)
        let target = panel + (block &* recordsPerBlock &* recordSize &+ firstRow &* 4)
        if firstRow &+ Instructions.laneCount <= rowCount {
          next.askForBlock()
          prefetchNextBlock(rows, stride: rowSize)
          unpack(rows, stride: rowSize, sumBias: sumBias, hasHalves: hasHalves, to: target)
        } else {
          copyEdge(rows, stride: rowSize, rowCount: max(0, rowCount &- firstRow), to: edge)
          unpack(
            edge, stride: Format.Block.bytesPerBlock, sumBias: sumBias, hasHalves: hasHalves, to: target)
        }
        block &+= 1
      }
    }
  }

  /// Asks for the next block of each row. Rows are too many streams for a hardware prefetcher; blocks of 32
  /// weights share their cache lines with the blocks around them and need none.
  @inlinable @inline(__always)
  static func prefetchNextBlock(_ rows: UnsafeRawPointer, stride: Int) {
    let blockSize = Format.Block.bytesPerBlock
    guard blockSize >= 64 else { return }
    var next = rows + blockSize
    for _ in 0..<Instructions.laneCount {
      for line in 0..<((blockSize &+ 63) / 64) {
        prefetchForUnpacking(next + line &* 64)
      }
      next += stride
    }
  }

  @inlinable @inline(never)
  static func unpack(
    _ rows: UnsafeRawPointer, stride: Int, sumBias: Int32, hasHalves: Bool,
    to panel: UnsafeMutableRawPointer
  ) {
    Format.unpack(
      rows, stride: stride,
      to: PanelWriter<Instructions, Format.Shape>(panel, sumBias: sumBias, hasHalves: hasHalves))
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

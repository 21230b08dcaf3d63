/// The arguments of one multiply, and its loops.
@usableFromInline
struct IntegerMultiplyJob<Instructions: VectorInstructions> {
  @usableFromInline let weights: QuantizedMatrix
  @usableFromInline let rows: Range<Int>
  @usableFromInline let activations: QuantizedActivations
  @usableFromInline let tiles: Range<Int>
  @usableFromInline let output: UnsafeMutablePointer<Float>
  @usableFromInline let outputStride: Int
  /// What this worker will probably need after these rows.
  @usableFromInline let next: UnsafeRawBufferPointer
  @usableFromInline let scratch: UnsafeMutableRawPointer
  @usableFromInline let unpackTimer: UnpackTimer

  @inlinable @inline(__always)
  init(
    weights: QuantizedMatrix, rows: Range<Int>, activations: QuantizedActivations, tiles: Range<Int>,
    output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    self.weights = weights
    self.rows = rows
    self.activations = activations
    self.tiles = tiles
    self.output = output
    self.outputStride = outputStride
    self.next = next
    self.scratch = scratch
    self.unpackTimer = unpackTimer
  }

  @inlinable @inline(__always)
  func run<Format: PanelFormat>(_: Format.Type) {
    switch activations.precision {
    case .i8: run(Format.self, EightBitEncoding.self)
    case .i16: run(Format.self, SixteenBitEncoding.self)
    }
  }

  /// Panel after panel, and in a panel section after section of columns.
  @inlinable @inline(never)
  func run<Format: PanelFormat, Encoding: ActivationEncoding>(_: Format.Type, _: Encoding.Type) {
    let rowSize = PanelUnpacker<Instructions, Format>.rowSize(weights.columnCount)
    // 16 records of at most 2048 bytes: a section and a tile of activations share 48 or 32 KiB. Small tiles
    // read the panel more often than the second-level cache likes.
    let isSectioned = tiles.count <= 8 || Instructions.tileTokenCount < ActivationTile.tokenCount
    let sectionLength = isSectioned ? 512 : weights.columnCount
    let panel = scratch + IntegerMultiply.edgeByteCount
    var row = rows.lowerBound
    while row < rows.upperBound {
      let rowCount = min(32, rows.upperBound &- row)
      let nextRow = row &+ 32
      let following =
        nextRow < rows.upperBound
        ? UnsafeRawBufferPointer(
          start: weights.address + nextRow &* rowSize, count: min(32, rows.upperBound &- nextRow) &* rowSize)
        : next
      var prefetched = PrefetchedBytes(
        following, recordCount: tiles.count &* (weights.columnCount / 32),
        blockCount: 32 / Instructions.laneCount &* (weights.columnCount / Format.Block.valuesPerBlock))
      var column = 0
      while column < weights.columnCount {
        let columns = column..<min(weights.columnCount, column &+ sectionLength)
        let start = unpackTimer.start()
        PanelUnpacker<Instructions, Format>.run(
          weights.address + row &* rowSize, rowSize: rowSize, rowCount: rowCount, columns: columns,
          sumBias: Encoding.sumBias, into: panel, edge: scratch,
          prefetching: &prefetched)
        unpackTimer.stop(start)
        multiply(
          Format.Shape.self, Encoding.self, panel: panel, columns: columns, row: row, rowCount: rowCount,
          prefetching: &prefetched)
        column = columns.upperBound
      }
      row = nextRow
    }
  }

  /// Multiplies an unpacked section of a panel with all tiles of tokens.
  @inlinable @inline(__always)
  func multiply<Shape: PanelShape, Encoding: ActivationEncoding>(
    _: Shape.Type, _: Encoding.Type, panel: UnsafeRawPointer, columns: Range<Int>, row: Int, rowCount: Int,
    prefetching next: inout PrefetchedBytes
  ) {
    let tileSize = activations.columnCount / 32 &* Encoding.recordSize
    let firstRecord = columns.lowerBound / 32
    var operands = IntegerTileOperands(
      panel: panel, activations: activations.address, recordCount: columns.count / 32, output: output,
      outputStride: outputStride, continuesOutput: firstRecord > 0,
      partials: scratch + IntegerMultiply.partialsOffset, prefetchAddress: next.address,
      prefetchedLinesPerRecord: 0)
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let token = tile &* ActivationTile.tokenCount
      operands.activations =
        UnsafeRawPointer(activations.address) + (tile &* tileSize &+ firstRecord &* Encoding.recordSize)
      operands.output = output + (token &* outputStride &+ row)
      (operands.prefetchAddress, operands.prefetchedLinesPerRecord) = next.takeLines(
        recordCount: operands.recordCount)
      multiply(
        Shape.self, Encoding.self, operands,
        tokenCount: min(ActivationTile.tokenCount, activations.tokenCount &- token), rowCount: rowCount)
      tile &+= 1
    }
  }

  /// Multiplies one tile. A tile that reaches over the edge of the matrix writes its 32 outputs elsewhere
  /// first.
  @inlinable @inline(__always)
  func multiply<Shape: PanelShape, Encoding: ActivationEncoding>(
    _: Shape.Type, _: Encoding.Type, _ operands: IntegerTileOperands, tokenCount: Int, rowCount: Int
  ) {
    typealias Panel = IntegerPanelMultiply<Instructions, Shape, Encoding>
    guard rowCount < 32 else {
      Panel.run(tokenCount: tokenCount, operands)
      return
    }
    let edge = scratch.assumingMemoryBound(to: Float.self)
    for slot in 0..<tokenCount where operands.continuesOutput {
      UnsafeMutableRawPointer(edge + slot &* 32)
        .copyMemory(from: operands.output + slot &* outputStride, byteCount: rowCount &* 4)
    }
    var edgeOperands = operands
    edgeOperands.output = edge
    edgeOperands.outputStride = 32
    Panel.run(tokenCount: tokenCount, edgeOperands)
    for slot in 0..<tokenCount {
      UnsafeMutableRawPointer(operands.output + slot &* outputStride)
        .copyMemory(from: edge + slot &* 32, byteCount: rowCount &* 4)
    }
  }
}

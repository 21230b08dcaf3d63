/// The arguments of one multiply, and its loops.
///
/// Where there are matrix tiles, they multiply; the activations have the layout for them then.
@usableFromInline
struct IntegerMultiplyJob<Instructions: VectorInstructions, Tiles: MatrixTiles> {
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
    case .i16 where Instructions.multipliesHalves && activations.layout == .sixTokensHalves:
      run(Format.self, HalvesEncoding.self)
    case .i16:
      // Where any number of tokens has halves, this is not compiled.
      if Instructions.fewestTokensOfHalves > 1 { run(Format.self, SixteenBitEncoding.self) }
    }
  }

  /// Panel after panel, and in a panel section after section of columns.
  @inlinable @inline(never)
  func run<Format: PanelFormat, Encoding: ActivationEncoding>(_: Format.Type, _: Encoding.Type) {
    let rowSize = PanelUnpacker<Instructions, Format>.rowSize(weights.columnCount)
    // 16 records of at most 2048 bytes, or 8 of 3072: a section and a tile of activations share 48 or 32 KiB.
    // Small tiles read the panel more often than the second-level cache likes.
    let isSectioned =
      tiles.count &* activations.layout.tokensPerTile <= 48
      || Instructions.tileTokenCount < ActivationTile.tokenCount
    let sectionLength = isSectioned ? (Encoding.hasHalves ? 256 : 512) : weights.columnCount
    let panel = scratch + IntegerMultiply.panelOffset
    if Tiles.exist { Tiles.configure(depth: Format.Shape.blockLength, tileScratch.registers) }
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
          sumBias: Encoding.sumBias, hasHalves: Encoding.hasHalves, into: panel, edge: scratch,
          prefetching: &prefetched)
        unpackTimer.stop(start)
        multiply(
          Format.Shape.self, Encoding.self, panel: panel, columns: columns, row: row, rowCount: rowCount,
          prefetching: &prefetched)
        column = columns.upperBound
      }
      row = nextRow
    }
    if Tiles.exist { Tiles.release(tileScratch.registers) }
  }

  @inlinable @inline(__always)
  var tileScratch: MatrixTileScratch { MatrixTileScratch(scratch + IntegerMultiply.edgeByteCount) }

  /// Multiplies an unpacked section of a panel with all tiles of tokens.
  @inlinable @inline(__always)
  func multiply<Shape: PanelShape, Encoding: ActivationEncoding>(
    _: Shape.Type, _: Encoding.Type, panel: UnsafeRawPointer, columns: Range<Int>, row: Int, rowCount: Int,
    prefetching next: inout PrefetchedBytes
  ) {
    if Tiles.exist {
      return multiplyOnTiles(
        Shape.self, Encoding.self, panel: panel, columns: columns, row: row, rowCount: rowCount,
        prefetching: &next)
    }
    let firstRecord = columns.lowerBound / 32
    let recordsPerTile = activations.columnCount / 32
    let highBytes = activations.highBytes(recordSize: Encoding.recordSize)
    var operands = IntegerTileOperands(
      panel: panel, activations: activations.address, highBytes: highBytes, recordCount: columns.count / 32,
      output: output,
      outputStride: outputStride, continuesOutput: firstRecord > 0,
      partials: scratch + IntegerMultiply.partialsOffset, prefetchAddress: next.address,
      prefetchedLinesPerRecord: 0)
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let token = tile &* ActivationTile.tokenCount
      operands.activations =
        UnsafeRawPointer(activations.address) + (tile &* recordsPerTile &+ firstRecord) &* Encoding.recordSize
      operands.highBytes =
        UnsafeRawPointer(highBytes) + (tile &* recordsPerTile &+ firstRecord) &* Encoding.highSize
      operands.output = output + (token &* outputStride &+ row)
      (operands.prefetchAddress, operands.prefetchedLinesPerRecord) = next.takeLines(
        recordCount: operands.recordCount)
      multiply(
        Shape.self, Encoding.self, operands,
        tokenCount: min(ActivationTile.tokenCount, activations.tokenCount &- token), rowCount: rowCount)
      tile &+= 1
    }
  }

  /// The same on matrix tiles: for each tile of sixteen tokens, sixteen rows and the next sixteen.
  @inlinable @inline(__always)
  func multiplyOnTiles<Shape: PanelShape, Encoding: ActivationEncoding>(
    _: Shape.Type, _: Encoding.Type, panel: UnsafeRawPointer, columns: Range<Int>, row: Int, rowCount: Int,
    prefetching next: inout PrefetchedBytes
  ) {
    typealias Record = MatrixTileRecord<Encoding>
    typealias Tile = MatrixTileMultiply<Instructions, Tiles, Shape, Encoding>
    let recordsPerTile = activations.columnCount / 32
    let firstRecord = columns.lowerBound / 32
    let recordCount = columns.count / 32
    let highBytes = activations.highBytes(recordSize: Record.recordSize)
    let isEdge = rowCount < 32
    for tile in tiles {
      let token = tile &* 16
      let tokenCount = min(16, activations.tokenCount &- token)
      let output = output + (token &* outputStride &+ row)
      let (address, lines) = next.takeLines(recordCount: recordCount)
      let record = tile &* recordsPerTile &+ firstRecord
      var operands = MatrixTileOperands(
        panel: panel, activations: UnsafeRawPointer(activations.address) + record &* Record.recordSize,
        highBytes: UnsafeRawPointer(highBytes) + record &* Record.highSize, recordCount: recordCount,
        tokenCount: tokenCount, output: isEdge ? tileScratch.edge : output,
        outputStride: isEdge ? 32 : outputStride, continuesOutput: firstRecord > 0, scratch: tileScratch,
        prefetchAddress: address, prefetchedLinesPerPair: 2 &* lines)
      if isEdge, firstRecord > 0 {
        copyRows(from: output, stride: outputStride, to: tileScratch.edge, stride: 32, tokenCount, rowCount)
      }
      for firstRow in [0, 16] where firstRow < rowCount {
        Tile.run(operands)
        operands.panel += 64
        operands.output += 16
        operands.prefetchedLinesPerPair = 0
      }
      if isEdge {
        copyRows(from: tileScratch.edge, stride: 32, to: output, stride: outputStride, tokenCount, rowCount)
      }
    }
  }

  /// Copies `rowCount` outputs of each token.
  @inlinable @inline(__always)
  func copyRows(
    from source: UnsafePointer<Float>, stride sourceStride: Int, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int, _ tokenCount: Int, _ rowCount: Int
  ) {
    for token in 0..<tokenCount {
      UnsafeMutableRawPointer(target + token &* targetStride)
        .copyMemory(from: source + token &* sourceStride, byteCount: rowCount &* 4)
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
    if operands.continuesOutput {
      copyRows(from: operands.output, stride: outputStride, to: edge, stride: 32, tokenCount, rowCount)
    }
    var edgeOperands = operands
    edgeOperands.output = edge
    edgeOperands.outputStride = 32
    Panel.run(tokenCount: tokenCount, edgeOperands)
    copyRows(from: edge, stride: 32, to: operands.output, stride: outputStride, tokenCount, rowCount)
  }
}

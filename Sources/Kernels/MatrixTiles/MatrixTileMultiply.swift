import CInstructions

/// The inner tile on matrix registers: 16 rows of weights by sixteen tokens, over all columns.
///
/// The numbers are those of ``IntegerTile``, operation by operation: exact sums of products, then
/// ``BlockProduct``, record after record in order; so the bits are the same. A step is a block of 16 or 32
/// columns. Its sums are made in a tile, stored, and finished in vectors. Two sets of sums take turns, so
/// that the matrix unit works on a step while vectors finish the one before.
///
/// Requires vectors of sixteen lanes.
@usableFromInline
enum MatrixTileMultiply<
  Instructions: VectorInstructions, Tiles: MatrixTiles, Shape: PanelShape, Encoding: ActivationEncoding
> {
  @usableFromInline typealias Vector = Instructions
  @usableFromInline typealias Product = BlockProduct<Instructions, Shape, Encoding>
  @usableFromInline typealias Record = MatrixTileRecord<Encoding>

  @inlinable @inline(never)
  static func run(_ operands: MatrixTileOperands) {
    var totals = InlineArray<16, Vector.Floats>(repeating: Vector.splat(0 as Float))
    if operands.continuesOutput {
      for token in 0..<16 where token < operands.tokenCount {
        totals[token] = Vector.loadFloats(operands.output + token &* operands.outputStride)
      }
    }
    var next = operands.prefetchAddress
    let stepCount = operands.recordCount &* Shape.blocksPerRecord
    begin(step: 0, set: 0, operands)
    var step = 0
    while step &+ 1 < stepCount {
      for _ in 0..<operands.prefetchedLinesPerPair {
        prefetchForReading(next)
        next += 64
      }
      begin(step: step &+ 1, set: 1, operands)
      finish(step: step, set: 0, operands, &totals)
      if step &+ 2 < stepCount { begin(step: step &+ 2, set: 0, operands) }
      finish(step: step &+ 1, set: 1, operands, &totals)
      step &+= 2
    }
    if step < stepCount { finish(step: step, set: 0, operands, &totals) }
    for token in 0..<16 where token < operands.tokenCount {
      Vector.store(totals[token], to: operands.output + token &* operands.outputStride)
    }
  }

  /// Whether the sums of a record have high bytes though the encoding has one plane.
  @inlinable @inline(__always)
  static func isWide(_ record: UnsafeRawPointer) -> Bool {
    Encoding.hasWideBlocks && (record + Record.wideOffset).loadUnaligned(as: Int32.self) != 0
  }

  /// Sums the products of one step, into memory.
  @inlinable @inline(__always)
  static func begin(step: Int, set: Int, _ operands: MatrixTileOperands) {
    let index = step / Shape.blocksPerRecord
    let block = step % Shape.blocksPerRecord
    let registers = operands.registers
    let column = block &* Shape.blockLength
    let record = operands.activations + index &* Record.recordSize
    Tiles.loadB(
      operands.panel + (index &* Shape.recordSize &+ column / 4 &* Shape.groupSize),
      stride: Shape.groupSize, registers)
    Tiles.loadA(record + (Record.lowOffset &+ column), stride: 32, registers)
    if Encoding.planeCount == 2 || isWide(record) {
      let high = Encoding.planeCount == 2 ? record : operands.highBytes + index &* Record.highSize
      Tiles.loadAHigh(high + column, stride: 32, registers)
      Tiles.dot(set: set, registers)
      Tiles.dotHigh(set: set, registers)
      Tiles.storeHigh(set: set, to: operands.sums(set, isHigh: true), registers)
    } else {
      Tiles.dot(set: set, from: operands.biases, registers)
    }
    Tiles.store(set: set, to: operands.sums(set, isHigh: false), registers)
  }

  /// Adds the sums of one step to the outputs.
  @inlinable @inline(__always)
  static func finish(
    step: Int, set: Int, _ operands: MatrixTileOperands, _ totals: inout InlineArray<16, Vector.Floats>
  ) {
    let index = step / Shape.blocksPerRecord
    let record = operands.activations + index &* Record.recordSize
    let weights = operands.panel + index &* Shape.recordSize
    // With two blocks a record, the first is always in set 0, the second in set 1.
    let block = Shape.blocksPerRecord == 2 ? set : 0
    if isWide(record) {
      finish(block: block, set: set, weights, record, isWide: true, operands, &totals)
    } else {
      finish(block: block, set: set, weights, record, isWide: false, operands, &totals)
    }
  }

  @inlinable @inline(__always)
  static func finish(
    block: Int, set: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer, isWide: Bool,
    _ operands: MatrixTileOperands, _ totals: inout InlineArray<16, Vector.Floats>
  ) {
    let low = operands.sums(set, isHigh: false)
    let high = operands.sums(set, isHigh: true)
    for token in 0..<16 {
      var sum = Vector.loadWords(low + 64 &* token)
      if Encoding.planeCount == 2 || isWide {
        sum = Vector.add(Vector.shiftLeft(Vector.loadWords(high + 64 &* token), by: 8), sum)
      }
      let product =
        block == 0
        ? Product.scaled(sum, 0, weights, isWide: isWide)
        : Product.adding(
          sum, block, weights, isWide: isWide, to: Vector.loadFloats(operands.partials + 64 &* token))
      let sums = Shape.blockLength == 32 ? Record.sumOffset : Record.halfSumOffset &+ 64 &* block
      let partial = Product.addingMinimum(
        block, weights, sum: record + (sums &+ 4 &* token), to: product)
      if block &+ 1 < Shape.blocksPerRecord {
        Vector.store(partial, to: operands.partials + 64 &* token)
      } else {
        let scale = Vector.splat(
          (record + (Record.scaleOffset &+ 4 &* token)).loadUnaligned(as: Float.self))
        totals[token] = Vector.multiplyAdd(scale, partial, totals[token])
      }
    }
  }
}

/// What a tile on matrix registers reads and writes.
@usableFromInline
struct MatrixTileOperands {
  /// `recordCount` records of a panel, at the first row of the tile.
  @usableFromInline var panel: UnsafeRawPointer
  /// `recordCount` records of activations.
  @usableFromInline var activations: UnsafeRawPointer
  /// The high bytes beside these records.
  @usableFromInline var highBytes: UnsafeRawPointer
  @usableFromInline var recordCount: Int
  /// Tokens that exist, 1…16.
  @usableFromInline var tokenCount: Int
  /// [tokens, rows], `outputStride` floats from token to token.
  @usableFromInline var output: UnsafeMutablePointer<Float>
  @usableFromInline var outputStride: Int
  /// Whether the output has the sums over the columns before these, to be added to.
  @usableFromInline var continuesOutput: Bool
  /// ``MatrixTileScratch``
  @usableFromInline var scratch: MatrixTileScratch
  /// Memory that will be needed soon; this many cache lines are asked for with each two steps.
  @usableFromInline var prefetchAddress: UnsafeRawPointer
  @usableFromInline var prefetchedLinesPerPair: Int

  @inlinable @inline(__always)
  init(
    panel: UnsafeRawPointer, activations: UnsafeRawPointer, highBytes: UnsafeRawPointer, recordCount: Int,
    tokenCount: Int, output: UnsafeMutablePointer<Float>, outputStride: Int, continuesOutput: Bool,
    scratch: MatrixTileScratch, prefetchAddress: UnsafeRawPointer, prefetchedLinesPerPair: Int
  ) {
    self.panel = panel
    self.activations = activations
    self.highBytes = highBytes
    self.recordCount = recordCount
    self.tokenCount = tokenCount
    self.output = output
    self.outputStride = outputStride
    self.continuesOutput = continuesOutput
    self.scratch = scratch
    self.prefetchAddress = prefetchAddress
    self.prefetchedLinesPerPair = prefetchedLinesPerPair
  }

  @inlinable @inline(__always)
  func sums(_ set: Int, isHigh: Bool) -> UnsafeMutableRawPointer {
    scratch.sums + (set &* 2048 &+ (isHigh ? 1024 : 0))
  }
  @inlinable @inline(__always)
  var partials: UnsafeMutableRawPointer { scratch.partials }
  @inlinable @inline(__always)
  var biases: UnsafeRawPointer { UnsafeRawPointer(scratch.biases) }
  @inlinable @inline(__always)
  var registers: UnsafeMutableRawPointer { scratch.registers }
}

/// The memory that a worker needs for tiles beside a panel.
@usableFromInline
struct MatrixTileScratch {
  @usableFromInline let address: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(_ address: UnsafeMutableRawPointer) { self.address = address }

  @inlinable @inline(__always)
  static var registersOffset: Int { 8192 }
  static var byteCount: Int { registersOffset + MatrixTileMemory.byteCount }

  /// [2 sets][low, high][16 tokens][16 rows] int32
  @inlinable @inline(__always)
  var sums: UnsafeMutableRawPointer { address }
  /// [16 tokens][16 rows] float32: the first block of a record that has two.
  @inlinable @inline(__always)
  var partials: UnsafeMutableRawPointer { address + 4096 }
  /// [16 tokens][16 rows] int32: where sums of 8-bit products begin, ``SumBias/bits``.
  @inlinable @inline(__always)
  var biases: UnsafeMutableRawPointer { address + 5120 }
  /// [16 tokens][32 rows] float32: the outputs of a panel at the edge of the matrix.
  @inlinable @inline(__always)
  var edge: UnsafeMutablePointer<Float> { (address + 6144).assumingMemoryBound(to: Float.self) }
  /// ``MatrixTileMemory``
  @inlinable @inline(__always)
  var registers: UnsafeMutableRawPointer { address + Self.registersOffset }

  @inlinable @inline(__always)
  func fillBiases(_ bits: Int32) {
    biases.initializeMemory(as: Int32.self, repeating: bits, count: 256)
  }
}

import CInstructions

/// The inner tile on matrix registers: 16 rows of weights by sixteen tokens, over all columns.
///
/// The numbers are those of ``IntegerTile``, operation by operation: exact sums of products, then
/// ``BlockProduct``, record after record in order; so the bits are the same. The sums of a record (of one
/// block of 32 columns, or of two of 16) are made in tiles, stored, and finished in vectors. Two sets of sums
/// take turns, so that the matrix unit works on a record while vectors finish the one before.
///
/// Limited by loads. For 16 tokens, 16 rows and 32 columns in i8: 24 rows of tiles and three loads for each
/// token are 36 cycles of two ports, beside 32 of the four vector operations for each token, 16 of the matrix
/// unit, and 16 stores. In i16: 52 of loads and 48 of operations.
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
    let count = operands.recordCount
    begin(0, set: 0, operands)
    var record = 0
    while record &+ 1 < count {
      for _ in 0..<operands.prefetchedLinesPerPair {
        prefetchForReading(next)
        next += 64
      }
      begin(record &+ 1, set: 1, operands)
      finish(record, set: 0, operands, &totals)
      if record &+ 2 < count { begin(record &+ 2, set: 0, operands) }
      finish(record &+ 1, set: 1, operands, &totals)
      record &+= 2
    }
    if record < count { finish(record, set: 0, operands, &totals) }
    for token in 0..<16 where token < operands.tokenCount {
      Vector.store(totals[token], to: operands.output + token &* operands.outputStride)
    }
  }

  /// Whether the sums of a record have high bytes though the encoding has one plane.
  @inlinable @inline(__always)
  static func isWide(_ record: UnsafeRawPointer) -> Bool {
    Encoding.hasWideBlocks && (record + Record.wideOffset).loadUnaligned(as: Int32.self) != 0
  }

  /// Sums the products of a record, into memory.
  @inlinable @inline(__always)
  static func begin(_ index: Int, set: Int, _ operands: MatrixTileOperands) {
    let registers = operands.registers
    let record = operands.activations + index &* Record.recordSize
    let weights = operands.panel + index &* Shape.recordSize
    let hasHighBytes = Encoding.planeCount == 2 || isWide(record)
    let highBytes = Encoding.planeCount == 2 ? record : operands.highBytes + index &* Record.highSize
    for block in 0..<Shape.blocksPerRecord {
      let column = block &* Shape.blockLength
      // Of two blocks, each has its tile; of one, each set.
      let tile = Shape.blocksPerRecord == 2 ? block : set
      Tiles.loadB(weights + column / 4 &* Shape.groupSize, stride: Shape.groupSize, registers)
      Tiles.loadA(record + (Record.lowOffset &+ column), stride: 32, registers)
      Tiles.dot(set: tile, registers)
      Tiles.store(set: tile, to: operands.sums(set, block, isHigh: false), registers)
      if hasHighBytes {
        Tiles.loadAHigh(highBytes + column, stride: 32, registers)
        Tiles.dotHigh(set: tile, registers)
        Tiles.storeHigh(set: tile, to: operands.sums(set, block, isHigh: true), registers)
      }
    }
  }

  /// Adds the sums of a record to the outputs.
  @inlinable @inline(__always)
  static func finish(
    _ index: Int, set: Int, _ operands: MatrixTileOperands, _ totals: inout InlineArray<16, Vector.Floats>
  ) {
    let record = operands.activations + index &* Record.recordSize
    let weights = operands.panel + index &* Shape.recordSize
    if isWide(record) {
      finish(set, weights, record, isWide: true, operands, &totals)
    } else {
      finish(set, weights, record, isWide: false, operands, &totals)
    }
  }

  @inlinable @inline(__always)
  static func finish(
    _ set: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer, isWide: Bool,
    _ operands: MatrixTileOperands, _ totals: inout InlineArray<16, Vector.Floats>
  ) {
    // In fours: the totals stay in registers where every index is a constant, and in a loop of sixteen the
    // compiler keeps them in memory, a load and a store for each token.
    for token in 0..<4 { finish(token, set, weights, record, isWide: isWide, operands, &totals) }
    for token in 4..<8 { finish(token, set, weights, record, isWide: isWide, operands, &totals) }
    for token in 8..<12 { finish(token, set, weights, record, isWide: isWide, operands, &totals) }
    for token in 12..<16 { finish(token, set, weights, record, isWide: isWide, operands, &totals) }
  }

  /// The outputs of one token.
  @inlinable @inline(__always)
  static func finish(
    _ token: Int, _ set: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer, isWide: Bool,
    _ operands: MatrixTileOperands, _ totals: inout InlineArray<16, Vector.Floats>
  ) {
    // Sums have no bias here, and are converted: an operation a token, where a tile that begins at a bias
    // would be 16 loads, and loads are the limit.
    var partial = Product.scaled(
      sum(token, set, 0, isWide: isWide, operands), 0, weights, isWide: true)
    partial = addingMinimum(token, 0, weights, record, to: partial)
    if Shape.blocksPerRecord == 2 {
      partial = Product.adding(
        sum(token, set, 1, isWide: isWide, operands), 1, weights, isWide: true, to: partial)
      partial = addingMinimum(token, 1, weights, record, to: partial)
    }
    let scale = Vector.splat((record + (Record.scaleOffset &+ 4 &* token)).loadUnaligned(as: Float.self))
    totals[token] = Vector.multiplyAdd(scale, partial, totals[token])
  }

  /// Σ x · w over the columns of one block, of one token.
  @inlinable @inline(__always)
  static func sum(
    _ token: Int, _ set: Int, _ block: Int, isWide: Bool, _ operands: MatrixTileOperands
  ) -> Vector.Words {
    let low = Vector.loadWords(operands.sums(set, block, isHigh: false) + 64 &* token)
    guard Encoding.planeCount == 2 || isWide else { return low }
    let high = Vector.loadWords(operands.sums(set, block, isHigh: true) + 64 &* token)
    return Vector.add(Vector.shiftLeft(high, by: 8), low)
  }

  @inlinable @inline(__always)
  static func addingMinimum(
    _ token: Int, _ block: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer,
    to product: Vector.Floats
  ) -> Vector.Floats {
    let sums = Shape.blockLength == 32 ? Record.sumOffset : Record.halfSumOffset &+ 64 &* block
    return Product.addingMinimum(block, weights, sum: record + (sums &+ 4 &* token), to: product)
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
  /// Memory that will be needed soon; this many cache lines are asked for with each two records.
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
  func sums(_ set: Int, _ block: Int, isHigh: Bool) -> UnsafeMutableRawPointer {
    scratch.sums + (set &* 4096 &+ block &* 2048 &+ (isHigh ? 1024 : 0))
  }
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
  static var registersOffset: Int { 10_240 }
  static var byteCount: Int { registersOffset + MatrixTileMemory.byteCount }

  /// [2 sets][2 blocks][low, high][16 tokens][16 rows] int32
  @inlinable @inline(__always)
  var sums: UnsafeMutableRawPointer { address }
  /// [16 tokens][32 rows] float32: the outputs of a panel at the edge of the matrix.
  @inlinable @inline(__always)
  var edge: UnsafeMutablePointer<Float> { (address + 8192).assumingMemoryBound(to: Float.self) }
  /// ``MatrixTileMemory``
  @inlinable @inline(__always)
  var registers: UnsafeMutableRawPointer { address + Self.registersOffset }
}
